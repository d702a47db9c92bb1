package dev.evertoken.adapter.redis;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Benches;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The form in which an account is sealed in the cache. Fields that a later version adds are passed
 * over; a field that is missing or of another form fails with any runtime exception, and the entry
 * counts as a miss.
 */
final class AccountCodec {

  private AccountCodec() {}

  static Secret encode(Account account) {
    JsonObject json =
        new JsonObject()
            .put("id", account.id())
            .put("incarnation", account.incarnation().toString())
            .put("platform", account.platform())
            .put("type", account.type().name())
            .put("name", account.name())
            .put("status", account.status().name())
            .put("error", error(account.error()))
            .put("paused", account.paused())
            .put("priority", account.priority())
            .put("pools", new JsonArray(account.pools()))
            .put("proxy", account.proxyId())
            .put("project", account.projectId())
            .put("project_not_before", JsonFields.text(account.projectNotBefore()))
            .put("email", account.email())
            .put("revision", account.revision())
            .put("credentials", CredentialsCodec.encode(account.credentials()))
            .put("last_refresh", lastRefresh(account.lastRefresh()))
            .put("created", account.createdAt().toString())
            .put("updated", account.updatedAt().toString());
    return Secret.of(json.encode());
  }

  static Account decode(Secret sealed, Benches benches) {
    JsonFields json = new JsonFields(new JsonObject(sealed.reveal()));
    return new Account(
        json.whole("id"),
        UUID.fromString(json.text("incarnation")),
        json.text("platform"),
        AccountType.valueOf(json.text("type")),
        json.text("name"),
        AccountStatus.valueOf(json.text("status")),
        error(json.objectOrNull("error")),
        json.flag("paused"),
        Math.toIntExact(json.whole("priority")),
        pools(json),
        json.wholeOrNull("proxy"),
        json.textOrNull("project"),
        json.timeOrNull("project_not_before"),
        json.textOrNull("email"),
        json.whole("revision"),
        CredentialsCodec.decode(json.object("credentials")),
        benches,
        lastRefresh(json.objectOrNull("last_refresh")),
        json.time("created"),
        json.time("updated"));
  }

  private static List<String> pools(JsonFields json) {
    return json.array("pools").stream().map(String.class::cast).toList();
  }

  private static @Nullable JsonObject error(@Nullable AccountError error) {
    if (error == null) {
      return null;
    }
    return new JsonObject()
        .put("code", error.code())
        .put("detail", error.detail())
        .put("since", error.since().toString());
  }

  private static @Nullable AccountError error(@Nullable JsonFields json) {
    return json == null
        ? null
        : new AccountError(json.text("code"), json.text("detail"), json.time("since"));
  }

  private static @Nullable JsonObject lastRefresh(@Nullable LastRefresh last) {
    if (last == null) {
      return null;
    }
    return new JsonObject()
        .put("attempt", last.attempt().toString())
        .put("at", last.at().toString())
        .put("result", last.result().name())
        .put("trigger", last.trigger().name())
        .put("duration_ms", last.duration().toMillis())
        .put("detail", last.detail());
  }

  private static @Nullable LastRefresh lastRefresh(@Nullable JsonFields json) {
    if (json == null) {
      return null;
    }
    return new LastRefresh(
        UUID.fromString(json.text("attempt")),
        json.time("at"),
        RefreshClass.valueOf(json.text("result")),
        Trigger.valueOf(json.text("trigger")),
        Duration.ofMillis(json.whole("duration_ms")),
        json.textOrNull("detail"));
  }
}
