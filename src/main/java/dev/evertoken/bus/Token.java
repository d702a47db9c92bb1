package dev.evertoken.bus;

import dev.evertoken.domain.Secret;
import dev.evertoken.domain.TokenState;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A token that was valid when it was answered, of one revision of one account.
 *
 * @param tokenType as the provider names it, most often {@code Bearer}; {@code ApiKey} for a static
 *     key
 * @param expiresAt the early expiry: use it no longer; null: it does not end
 * @param refreshAfter when a refresh falls due, or null
 */
public record Token(
    Secret accessToken,
    String tokenType,
    @Nullable Instant expiresAt,
    long account,
    String accountName,
    String platform,
    @Nullable String projectId,
    @Nullable Long proxyId,
    long generation,
    TokenState state,
    @Nullable Instant refreshAfter,
    List<Warning> warnings) {

  /** A warning by its code; a later version may know more codes. */
  public record Warning(String code, String detail) {}

  public Token {
    warnings = List.copyOf(warnings);
  }

  /** The answer in a reply; passes over fields that it does not know. */
  static Token read(JsonObject json) {
    JsonObject account = Objects.requireNonNull(json.getJsonObject("account"));
    return new Token(
        Secret.of(text(json, "access_token")),
        text(json, "token_type"),
        time(json, "expires_at"),
        account.getLong("id"),
        text(account, "name"),
        text(account, "platform"),
        account.getString("project_id"),
        account.getLong("proxy_id"),
        json.getLong("generation"),
        "fresh".equals(json.getString("state")) ? TokenState.FRESH : TokenState.STALE,
        time(json, "refresh_after"),
        warnings(json.getJsonArray("warnings", new JsonArray())));
  }

  private static List<Warning> warnings(JsonArray array) {
    return array.stream()
        .map(JsonObject.class::cast)
        .map(json -> new Warning(text(json, "code"), json.getString("detail", "")))
        .toList();
  }

  private static String text(JsonObject json, String name) {
    return Objects.requireNonNull(json.getString(name), name);
  }

  private static @Nullable Instant time(JsonObject json, String name) {
    String text = json.getString(name);
    return text == null ? null : Instant.parse(text);
  }
}
