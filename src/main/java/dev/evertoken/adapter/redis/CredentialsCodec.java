package dev.evertoken.adapter.redis;

import dev.evertoken.domain.AccessToken;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.RefreshSchedule;
import dev.evertoken.domain.RefreshTokenState;
import dev.evertoken.domain.RefreshTokenState.Doubt;
import dev.evertoken.domain.Secret;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The form of an account's credentials inside the sealed entry; the refresh token is not in it. */
final class CredentialsCodec {

  private CredentialsCodec() {}

  static JsonObject encode(Credentials credentials) {
    AccessToken access = credentials.access();
    RefreshTokenState refresh = credentials.refresh();
    RefreshSchedule schedule = credentials.schedule();
    return new JsonObject()
        .put("generation", credentials.generation())
        .put("sequence", refresh.sequence())
        .put("access_token", revealed(access.value()))
        .put("token_type", access.type())
        .put("api_key", revealed(credentials.apiKey()))
        .put("has_refresh_token", refresh.present())
        .put("refresh_expires", JsonFields.text(refresh.expiresAt()))
        .put("refresh_idle", JsonFields.text(refresh.idleAt()))
        .put("expires", JsonFields.text(access.expiresAt()))
        .put("lifetime", JsonFields.text(access.lifetime()))
        .put("rejected_generation", access.rejectedGeneration())
        .put("rejected", JsonFields.text(access.rejectedAt()))
        .put("refresh_due", JsonFields.text(schedule.dueAt()))
        .put("not_before", JsonFields.text(schedule.notBefore()))
        .put("claim", claim(credentials.claim()))
        .put("unknown_since", JsonFields.text(refresh.doubt().unknownSince()))
        .put("unknown_tries", refresh.doubt().tries())
        .put("unreadable_since", JsonFields.text(refresh.doubt().unreadableSince()))
        .put("forced", JsonFields.text(schedule.forcedAt()));
  }

  /** Without the history of its failures, which only the row tells. */
  static Credentials decode(JsonFields json) {
    return new Credentials(
        json.whole("generation"),
        access(json),
        refresh(json),
        secret(json.textOrNull("api_key")),
        new RefreshSchedule(
            json.timeOrNull("refresh_due"),
            json.timeOrNull("not_before"),
            json.timeOrNull("forced")),
        claim(json.objectOrNull("claim")),
        FailureHistory.NONE);
  }

  /** An entry of the release before names no type. */
  private static AccessToken access(JsonFields json) {
    String lifetime = json.textOrNull("lifetime");
    String type = json.textOrNull("token_type");
    return new AccessToken(
        secret(json.textOrNull("access_token")),
        type == null ? AccessToken.BEARER : type,
        json.timeOrNull("expires"),
        lifetime == null ? null : Duration.parse(lifetime),
        json.wholeOrNull("rejected_generation"),
        json.timeOrNull("rejected"));
  }

  private static RefreshTokenState refresh(JsonFields json) {
    return new RefreshTokenState(
        json.flag("has_refresh_token"),
        json.whole("sequence"),
        json.timeOrNull("refresh_expires"),
        json.timeOrNull("refresh_idle"),
        new Doubt(
            json.timeOrNull("unknown_since"),
            Math.toIntExact(json.whole("unknown_tries")),
            json.timeOrNull("unreadable_since")));
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
