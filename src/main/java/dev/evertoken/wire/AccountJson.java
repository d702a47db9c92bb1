package dev.evertoken.wire;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Blocker;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.WireName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes an account without any secret (contract, section 3, "An account shows"). */
public final class AccountJson {

  private AccountJson() {}

  /** The account as of now, with what blocks it. */
  public static JsonObject of(Account account, List<Blocker> blockedBy, Instant now) {
    Credentials credentials = account.credentials();
    return new JsonObject()
        .put("id", account.id())
        .put("name", account.name())
        .put("platform", account.platform())
        .put("type", WireName.of(account.type()))
        .put("status", WireName.of(account.status()))
        .put("error", error(account.error()))
        .put("paused", account.paused())
        .put("schedulable", blockedBy.isEmpty())
        .put("blocked_by", blockers(blockedBy))
        .put("priority", account.priority())
        .put("pools", new JsonArray(account.pools()))
        .put("proxy_id", account.proxyId())
        .put("project_id", account.projectId())
        .put("rules", RuleJson.of(account.rules()))
        .put("credentials", fieldsSet(account))
        .put("generation", account.generation())
        .put("expires_at", expiresAt(credentials))
        .put("refresh_due_at", Times.text(credentials.refreshDueAt()))
        .put("last_refresh", lastRefresh(account.lastRefresh()))
        .put("refresh_token_expires_at", Times.text(credentials.refresh().endsAt()))
        .put("outcome_unknown_since", Times.text(credentials.unknownSince()))
        .put("unreadable_since", Times.text(credentials.unreadableSince()))
        .put("temp_unschedulable", BenchJson.of(account.benches(), now))
        .put("created_at", Times.text(account.createdAt()))
        .put("updated_at", Times.text(account.updatedAt()));
  }

  private static @Nullable JsonObject error(@Nullable AccountError error) {
    if (error == null) {
      return null;
    }
    return new JsonObject()
        .put("code", error.code())
        .put("detail", error.detail())
        .put("since", Times.text(error.since()));
  }

  private static JsonArray blockers(List<Blocker> blockers) {
    JsonArray array = new JsonArray();
    for (Blocker blocker : blockers) {
      array.add(
          new JsonObject()
              .put("kind", WireName.of(blocker.kind()))
              .put("id", blocker.id())
              .put("until", Times.text(blocker.until()))
              .put("why", blocker.why()));
    }
    return array;
  }

  private static JsonObject fieldsSet(Account account) {
    Credentials credentials = account.credentials();
    if (account.type() == AccountType.UPSTREAM) {
      return new JsonObject().put("api_key", credentials.apiKey() != null);
    }
    return new JsonObject()
        .put("refresh_token", credentials.hasRefreshToken())
        .put("access_token", credentials.accessToken() != null)
        .put("expires_at", credentials.expiresAt() != null)
        .put("project_id", account.projectId() != null)
        .put("email", account.email() != null);
  }

  private static @Nullable String expiresAt(Credentials credentials) {
    return Credentials.NEVER.equals(credentials.expiresAt())
        ? null
        : Times.text(credentials.expiresAt());
  }

  private static @Nullable JsonObject lastRefresh(@Nullable LastRefresh last) {
    if (last == null) {
      return null;
    }
    return new JsonObject()
        .put("at", Times.text(last.at()))
        .put("outcome", outcome(last.result()))
        .put("class", WireName.of(last.result()))
        .put("trigger", WireName.of(last.trigger()))
        .put("duration_ms", last.duration().toMillis())
        .put("detail", last.detail());
  }

  private static String outcome(RefreshClass result) {
    return switch (result) {
      case SUCCESS -> "succeeded";
      case OUTCOME_UNKNOWN, UNREADABLE -> "unknown";
      case PERMANENT, PROVIDER_CONFIG, TRANSIENT, THROTTLED, PROXY, STORAGE, SETTINGS, DRAINING ->
          "failed";
    };
  }
}
