package dev.evertoken.http;

import dev.evertoken.app.AccountFile.Content;
import dev.evertoken.app.AccountFile.Entry;
import dev.evertoken.app.AccountFile.Needless;
import dev.evertoken.app.AccountFile.Unreadable;
import dev.evertoken.app.AccountFile.Wanted;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.AccountStore.NewAccount;
import dev.evertoken.wire.RequestFields;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the accounts of a file one by one; what cannot be read is nobody else's matter. */
final class ImportedEntries {

  /** What our own export tells beside what an account is made of. */
  private static final List<String> TOLD = List.of("id");

  private final ImportedProxyList proxies;
  private final @Nullable String pool;
  private final String placeName;
  private final Map<Identity, Integer> seen = new HashMap<>();
  private final List<Entry> entries = new ArrayList<>();

  /**
   * Starts with none.
   *
   * @param pool for accounts that name none, or null
   * @param placeName what a place in this file is called
   */
  ImportedEntries(ImportedProxyList proxies, @Nullable String pool, String placeName) {
    this.proxies = proxies;
    this.pool = pool;
    this.placeName = placeName;
  }

  /** By which two entries are the same account. */
  private record Identity(String platform, AccountType type, String name, @Nullable Secret secret) {

    static Identity of(NewAccount account) {
      return account.refreshToken() == null
          ? new Identity(
              account.platform(),
              account.type(),
              account.name(),
              account.type() == AccountType.UPSTREAM ? account.apiKey() : account.accessToken())
          : new Identity(account.platform(), account.type(), "", account.refreshToken());
    }
  }

  List<Entry> all() {
    return entries;
  }

  void add(int place, @Nullable Object json) {
    List<String> ignored = new ArrayList<>();
    entries.add(new Entry(place, content(place, json, ignored), ignored));
  }

  void unreadable(int place, Problem problem) {
    entries.add(new Entry(place, new Unreadable(problem), List.of()));
  }

  private Content content(int place, @Nullable Object json, List<String> ignored) {
    if (!(json instanceof JsonObject object)) {
      return new Unreadable(
          Problem.field(ProblemCode.MALFORMED_REQUEST, "", "a JSON object is expected"));
    }
    try {
      JsonObject foreign = ForeignAccounts.of(object, ignored);
      return once(place, wanted(OwnForm.of(foreign == null ? object : foreign), ignored));
    } catch (ProblemException refusal) {
      return new Unreadable(refusal.problem());
    }
  }

  private Wanted wanted(Map<String, Object> json, List<String> ignored) {
    RequestFields fields = RequestFields.body(new JsonObject(json));
    TOLD.forEach(fields::any);
    AccountStatus status = status(fields, ignored);
    Integer proxy = proxies.of(fields);
    NewAccount account = AccountRequests.create(fields, () -> end(fields, ignored));
    return new Wanted(pooled(account, json.keySet()), status, proxy, json.keySet());
  }

  private static void end(RequestFields fields, List<String> ignored) {
    ignored.addAll(fields.rest());
    fields.end();
  }

  /** Others have more kinds of status, of which an error is what a refresh will tell. */
  private static @Nullable AccountStatus status(RequestFields fields, List<String> ignored) {
    Object given = fields.any("status");
    if (given == null || given.equals(WireName.of(AccountStatus.ERROR))) {
      return null;
    }
    if (given.equals(WireName.of(AccountStatus.ACTIVE))) {
      return AccountStatus.ACTIVE;
    }
    if (given.equals(WireName.of(AccountStatus.DISABLED)) || given.equals("inactive")) {
      return AccountStatus.DISABLED;
    }
    ignored.add("/status");
    return null;
  }

  private NewAccount pooled(NewAccount account, Set<String> given) {
    return pool == null || given.contains("pools")
        ? account
        : new NewAccount(
            account.name(),
            account.platform(),
            account.type(),
            account.refreshToken(),
            account.accessToken(),
            account.apiKey(),
            account.expiresAt(),
            account.refreshDueAt(),
            account.projectId(),
            account.email(),
            account.proxyId(),
            account.priority(),
            List.of(pool),
            account.paused(),
            account.rules(),
            account.refreshExpiresAt(),
            account.refreshIdleAt());
  }

  private Content once(int place, Wanted wanted) {
    NewAccount account = wanted.account();
    if (account.refreshToken() == null
        && account.accessToken() == null
        && account.apiKey() == null) {
      return new Needless("It holds no credentials; there is nothing to take in.");
    }
    Integer first = seen.putIfAbsent(Identity.of(account), place);
    return first == null
        ? wanted
        : new Needless("It is the same account as " + placeName + " " + first + ".");
  }
}
