package dev.evertoken.adapter.oauth;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the project endpoints answer, in the forms that are seen. */
final class ProjectAnswer {

  private ProjectAnswer() {}

  /** The project, given as its id or as an object with an {@code id}. */
  static Optional<String> project(JsonObject json) {
    return switch (json.getValue("cloudaicompanionProject")) {
      case String id -> text(id);
      case JsonObject project -> text(project.getValue("id"));
      case null, default -> Optional.empty();
    };
  }

  /** The tier that an account is onboarded to by default. */
  static Optional<String> defaultTier(JsonObject loaded) {
    Stream<?> tiers =
        loaded.getValue("allowedTiers") instanceof JsonArray list ? list.stream() : Stream.empty();
    return tiers
        .map(tier -> tier instanceof JsonObject json ? json : new JsonObject())
        .filter(tier -> Objects.equals(tier.getValue("isDefault"), true))
        .flatMap(tier -> text(tier.getValue("id")).stream())
        .findFirst();
  }

  /** Whether onboarding has ended, with or without a project. */
  static boolean done(JsonObject operation) {
    return Objects.equals(operation.getValue("done"), true);
  }

  /** The project of an onboarding that has ended. */
  static Optional<String> onboarded(JsonObject operation) {
    return operation.getValue("response") instanceof JsonObject response
        ? project(response)
        : Optional.empty();
  }

  private static Optional<String> text(@Nullable Object value) {
    return value instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
  }
}
