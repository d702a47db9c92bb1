package dev.evertoken.http;

import dev.evertoken.app.KeyAdmin;
import dev.evertoken.domain.ApiKey;
import dev.evertoken.domain.Scope;
import dev.evertoken.port.KeyStore.Created;
import dev.evertoken.port.KeyStore.NewKey;
import dev.evertoken.port.Time;
import dev.evertoken.wire.RequestFields;
import dev.evertoken.wire.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The API keys (contract, section 3). */
final class KeyEndpoints {

  private static final String ALL = "/v1/keys";
  private static final String ONE = ALL + "/{id}";
  private static final int LONGEST_NAME = 200;
  private static final int MOST_ACCOUNTS = 1000;
  private static final int FASTEST = 1_000_000;

  private final KeyAdmin keys;
  private final Time time;

  KeyEndpoints(KeyAdmin keys, Time time) {
    this.keys = keys;
    this.time = time;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(ALL, Scope.ADMIN, this::list),
        Endpoint.post(ALL, Scope.ADMIN, this::create),
        Endpoint.get(ONE, Scope.ADMIN, this::show),
        Endpoint.delete(ONE, Scope.ADMIN, this::delete));
  }

  private Future<Reply> list(Call call) {
    RequestFields query = call.query();
    Paging paging = Paging.of(query);
    query.end();
    return keys.list(call.caller(), paging.fetch(), paging.afterId())
        .map(found -> paging.reply(found, KeyEndpoints::json, ApiKey::id));
  }

  private Future<Reply> create(Call call) {
    NewKey wanted = read(call.withoutQuery().fields(), time.instant());
    return keys.create(call.caller(), wanted).map(KeyEndpoints::created);
  }

  private Future<Reply> show(Call call) {
    return keys.find(call.withoutQuery().caller(), call.id())
        .map(key -> Reply.json(json(key)).withRevision(key.revision()));
  }

  private Future<Reply> delete(Call call) {
    return keys.delete(call.withoutQuery().caller(), call.id(), call.ifMatch())
        .map(gone -> Reply.noContent());
  }

  private static NewKey read(RequestFields fields, Instant now) {
    String name = PlainText.of(fields, "name", LONGEST_NAME);
    List<String> scopes = fields.texts("scopes", Scope.values().length, 100);
    List<String> pools = AccountRequests.pools(fields);
    Set<Long> accounts = fields.ids("accounts", MOST_ACCOUNTS);
    Instant expiresAt = fields.time("expires_at");
    Long rate = fields.whole("rate_per_second", 1, FASTEST);
    for (String required : List.of("name", "scopes")) {
      if (fields.any(required) == null) {
        fields.malformed(required, "is required");
      }
    }
    if (scopes.isEmpty() && fields.any("scopes") != null) {
      fields.invalid("scopes", "at least one is expected");
    }
    if (expiresAt != null && !expiresAt.isAfter(now)) {
      fields.invalid("expires_at", "a time to come is expected");
    }
    Set<Scope> known = scopes(fields, scopes);
    fields.end();
    return new NewKey(
        name == null ? "" : name, known, Set.copyOf(pools), accounts, expiresAt, intOrNull(rate));
  }

  private static Set<Scope> scopes(RequestFields fields, List<String> names) {
    Set<Scope> scopes = new HashSet<>();
    for (String name : names) {
      Scope.parse(name)
          .ifPresentOrElse(
              scopes::add,
              () -> fields.invalid("scopes", "a scope is not known: see the contract"));
    }
    return scopes;
  }

  private static @Nullable Integer intOrNull(@Nullable Long value) {
    return value == null ? null : Integer.valueOf(value.intValue());
  }

  /** The one answer in which the key itself is. */
  private static Reply created(Created created) {
    JsonObject json = json(created.key()).put("key", created.secret().reveal());
    return Reply.json(json)
        .withRevision(created.key().revision())
        .createdAt(ALL + "/" + created.key().id());
  }

  private static JsonObject json(ApiKey key) {
    JsonArray scopes = new JsonArray();
    key.scopes().stream().map(Scope::wire).sorted().forEach(scopes::add);
    return new JsonObject()
        .put("id", key.id())
        .put("name", key.name())
        .put("scopes", scopes)
        .put("pools", new JsonArray(List.copyOf(new TreeSet<>(key.pools()))))
        .put("accounts", new JsonArray(List.copyOf(new TreeSet<>(key.accounts()))))
        .put("expires_at", Times.text(key.expiresAt()))
        .put("rate_per_second", key.ratePerSecond())
        .put("created_at", Times.text(key.createdAt()));
  }
}
