package dev.evertoken.wire;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.Warning;
import dev.evertoken.domain.WireName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a token answer (contract, section 3, "Tokens"); the one place where a token leaves. */
public final class TokenAnswerJson {

  private TokenAnswerJson() {}

  /** The answer as of now; {@code expires_in} is rounded down. */
  public static JsonObject of(TokenAnswer answer, Instant now) {
    return new JsonObject()
        .put("access_token", answer.accessToken().reveal())
        .put("token_type", answer.tokenType())
        .put("expires_at", Times.text(answer.expiresAt()))
        .put("expires_in", secondsLeft(answer.expiresAt(), now))
        .put("account", account(answer.account()))
        .put("generation", answer.account().generation())
        .put("state", WireName.of(answer.state()))
        .put("refresh_after", Times.text(notBefore(answer.refreshAfter(), now)))
        .put("warnings", warnings(answer.warnings()));
  }

  private static @Nullable Long secondsLeft(@Nullable Instant expiresAt, Instant now) {
    return expiresAt == null ? null : Math.max(0, Duration.between(now, expiresAt).toSeconds());
  }

  /** A refresh that is due already is due now: what lies in the past is no time to wait for. */
  private static @Nullable Instant notBefore(@Nullable Instant time, Instant now) {
    return time == null || time.isAfter(now) ? time : now;
  }

  private static JsonObject account(Account account) {
    return new JsonObject()
        .put("id", account.id())
        .put("name", account.name())
        .put("platform", account.platform())
        .put("project_id", account.projectId())
        .put("proxy_id", account.proxyId());
  }

  private static JsonArray warnings(List<Warning> warnings) {
    JsonArray array = new JsonArray();
    for (Warning warning : warnings) {
      array.add(
          new JsonObject()
              .put("code", WireName.of(warning.code()))
              .put("detail", warning.detail()));
    }
    return array;
  }
}
