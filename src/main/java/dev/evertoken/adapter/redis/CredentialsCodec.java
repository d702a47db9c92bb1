package dev.evertoken.adapter.redis;

import dev.evertoken.domain.Claim;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.Secret;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The form of an account's credentials inside the sealed entry; the refresh token is not in it. */
final class CredentialsCodec {

  private CredentialsCodec() {}

  static JsonObject encode(Credentials credentials) {
    return new JsonObject()
        .put("generation", credentials.generation())
        .put("sequence", credentials.refreshTokenSequence())
        .put("access_token", revealed(credentials.accessToken()))
        .put("api_key", revealed(credentials.apiKey()))
        .put("has_refresh_token", credentials.hasRefreshToken())
        .put("expires", JsonFields.text(credentials.expiresAt()))
        .put("lifetime", JsonFields.text(credentials.lifetime()))
        .put("rejected_generation", credentials.rejectedGeneration())
        .put("rejected", JsonFields.text(credentials.rejectedAt()))
        .put("refresh_due", JsonFields.text(credentials.refreshDueAt()))
        .put("not_before", JsonFields.text(credentials.notBefore()))
        .put("claim", claim(credentials.claim()))
        .put("unknown_since", JsonFields.text(credentials.unknownSince()))
        .put("unknown_tries", credentials.unknownTries())
        .put("forced", JsonFields.text(credentials.forcedAt()));
  }

  static Credentials decode(JsonFields json) {
    String lifetime = json.textOrNull("lifetime");
    return new Credentials(
        json.whole("generation"),
        json.whole("sequence"),
        secret(json.textOrNull("access_token")),
        secret(json.textOrNull("api_key")),
        json.flag("has_refresh_token"),
        json.timeOrNull("expires"),
        lifetime == null ? null : Duration.parse(lifetime),
        json.wholeOrNull("rejected_generation"),
        json.timeOrNull("rejected"),
        json.timeOrNull("refresh_due"),
        json.timeOrNull("not_before"),
        claim(json.objectOrNull("claim")),
        json.timeOrNull("unknown_since"),
        Math.toIntExact(json.whole("unknown_tries")),
        json.timeOrNull("forced"));
  }

  private static @Nullable String revealed(@Nullable Secret secret) {
    return secret == null ? null : secret.reveal();
  }

  private static @Nullable Secret secret(@Nullable String text) {
    return text == null ? null : Secret.of(text);
  }

  private static @Nullable JsonObject claim(@Nullable Claim claim) {
    if (claim == null) {
      return null;
    }
    return new JsonObject()
        .put("attempt", claim.attempt().toString())
        .put("node", claim.node())
        .put("at", claim.at().toString())
        .put("until", claim.until().toString());
  }

  private static @Nullable Claim claim(@Nullable JsonFields json) {
    return json == null
        ? null
        : new Claim(
            UUID.fromString(json.text("attempt")),
            json.text("node"),
            json.time("at"),
            json.time("until"));
  }
}
