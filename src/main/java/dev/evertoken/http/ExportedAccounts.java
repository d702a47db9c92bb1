package dev.evertoken.http;

import dev.evertoken.app.AccountExport;
import dev.evertoken.app.VisibleAccounts.Wanted;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.AccountStore.Whole;
import dev.evertoken.wire.RuleJson;
import dev.evertoken.wire.Times;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The accounts as a file, page by page: a document, or a line each. For one caller. */
final class ExportedAccounts implements Reply.Pieces {

  private static final int PAGE = 200;

  private final AccountExport exports;
  private final Wanted wanted;
  private final boolean secrets;
  private final boolean lines;
  private final Instant now;
  private long afterId;
  private boolean begun;
  private boolean ended;

  ExportedAccounts(
      AccountExport exports, Wanted wanted, boolean secrets, boolean lines, Instant now) {
    this.exports = exports;
    this.wanted = wanted;
    this.secrets = secrets;
    this.lines = lines;
    this.now = now;
  }

  @Override
  public Future<Optional<Buffer>> next() {
    return ended
        ? Future.succeededFuture(Optional.empty())
        : exports.page(wanted, PAGE, afterId).map(page -> Optional.of(piece(page)));
  }

  private Buffer piece(List<Whole> page) {
    Buffer piece = Buffer.buffer(begun || lines ? "" : head());
    for (Whole whole : page) {
      piece.appendString(separator()).appendBuffer(json(whole).toBuffer());
      begun = true;
      afterId = whole.account().id();
    }
    ended = page.size() < PAGE;
    return ended ? piece.appendString(end()) : piece;
  }

  private String separator() {
    if (!begun) {
      return "";
    }
    return lines ? "\n" : ",\n";
  }

  private String head() {
    String head =
        new JsonObject()
            .put("type", "evertoken-accounts")
            .put("version", 1)
            .put("exported_at", Times.text(now))
            .encode();
    return head.substring(0, head.length() - 1) + ",\"accounts\":[\n";
  }

  private String end() {
    if (lines) {
      return begun ? "\n" : "";
    }
    return "\n]}\n";
  }

  private JsonObject json(Whole whole) {
    Account account = whole.account();
    boolean disabled = account.status() == AccountStatus.DISABLED;
    return new JsonObject()
        .put("id", account.id())
        .put("name", account.name())
        .put("platform", account.platform())
        .put("type", WireName.of(account.type()))
        .put("status", WireName.of(disabled ? AccountStatus.DISABLED : AccountStatus.ACTIVE))
        .put("paused", account.paused())
        .put("priority", account.priority())
        .put("pools", new JsonArray(account.pools()))
        .put("rules", RuleJson.of(account.rules()))
        .put("proxy", proxy(account, whole.proxy()))
        .put("credentials", credentials(account, whole.refreshToken()));
  }

  /** A proxy that is gone stays one: no account comes back to be refreshed without it (law 10). */
  private @Nullable JsonObject proxy(Account account, @Nullable Proxy proxy) {
    if (proxy == null) {
      return account.proxyId() == null ? null : new JsonObject().put("id", account.proxyId());
    }
    JsonObject json =
        new JsonObject()
            .put("name", proxy.name())
            .put(
                "url",
                ProxyUrl.of(
                    WireName.of(proxy.kind()),
                    proxy.user(),
                    secrets ? proxy.password() : null,
                    proxy.host(),
                    proxy.port()));
    return proxy.disabled() ? json.put("disabled", true) : json;
  }

  private JsonObject credentials(Account account, @Nullable Secret refreshToken) {
    Credentials held = account.credentials();
    JsonObject json = new JsonObject();
    if (secrets) {
      putSecret(json, "refresh_token", refreshToken);
      putSecret(json, "access_token", held.accessToken());
      putSecret(json, "api_key", held.apiKey());
    }
    if (account.type() == AccountType.OAUTH) {
      putKnown(json, "expires_at", Times.text(held.expiresAt()));
      putKnown(json, "refresh_token_expires_at", Times.text(held.refresh().expiresAt()));
      putKnown(json, "project_id", account.projectId());
      putKnown(json, "email", account.email());
    }
    return json;
  }

  private static void putSecret(JsonObject json, String name, @Nullable Secret secret) {
    putKnown(json, name, secret == null ? null : secret.reveal());
  }

  private static void putKnown(JsonObject json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }
}
