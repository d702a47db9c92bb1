package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.ApiKey;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.KeyStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The API keys in PostgreSQL: of each a keyed hash, and nothing that would open anything. */
final class PostgresKeys implements KeyStore {

  private static final String PURPOSE = "api_key";

  private static final String COLUMNS =
      "id, name, scopes, pools, accounts, expires_at, rate_per_second, revision, created_at";

  private static final String CREATE =
      """
      insert into api_keys (name, scopes, pools, accounts, expires_at, rate_per_second, secret_mac)
      values ($1, $2, $3, $4, $5, $6, $7)
      returning %s
      """
          .formatted(COLUMNS);

  private static final String AUTHENTICATE =
      """
      select %s, secret_mac from api_keys
      where id = $1 and (expires_at is null or expires_at > clock_timestamp())
      """
          .formatted(COLUMNS);

  private static final String FIND = "select %s from api_keys where id = $1".formatted(COLUMNS);

  private static final String LIST =
      "select %s from api_keys where id > $2 order by id limit $1".formatted(COLUMNS);

  private static final String DELETE = "delete from api_keys where id = $1 returning id";

  private final Database database;
  private final Fingerprints fingerprints;

  PostgresKeys(Database database, Installation installation) {
    this.database = database;
    this.fingerprints = installation.fingerprints();
  }

  @Override
  public Future<Created> create(NewKey key) {
    Secret secret = Fingerprints.newKey();
    Tuple arguments =
        Tuple.tuple()
            .addString(key.name())
            .addArrayOfString(
                key.scopes().stream().map(Scope::wire).sorted().toArray(String[]::new))
            .addArrayOfString(key.pools().stream().sorted().toArray(String[]::new))
            .addArrayOfLong(key.accounts().stream().sorted().toArray(Long[]::new))
            .addOffsetDateTime(Stamps.column(key.expiresAt()))
            .addInteger(key.ratePerSecond())
            .addBuffer(Buffer.buffer(fingerprints.of(PURPOSE, secret)));
    return database
        .query(CREATE, arguments)
        .map(made -> created(key(made.iterator().next()), secret));
  }

  private static Created created(ApiKey key, Secret secret) {
    return new Created(key, Secret.of("evt_" + key.id() + "_" + secret.reveal()));
  }

  @Override
  public Future<Optional<ApiKey>> authenticate(long id, Secret secret) {
    return database
        .query(AUTHENTICATE, Tuple.of(id))
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .filter(row -> matches(row, secret))
                    .map(PostgresKeys::key));
  }

  private boolean matches(Row row, Secret secret) {
    return fingerprints.matches(row.getBuffer("secret_mac").getBytes(), PURPOSE, secret);
  }

  @Override
  public Future<Optional<ApiKey>> find(long id) {
    return database
        .query(FIND, Tuple.of(id))
        .map(rows -> rows.stream().findFirst().map(PostgresKeys::key));
  }

  @Override
  public Future<List<ApiKey>> list(int limit, long afterId) {
    return database
        .query(LIST, Tuple.of(limit, afterId))
        .map(rows -> rows.stream().map(PostgresKeys::key).toList());
  }

  @Override
  public Future<Boolean> delete(long id) {
    return database.query(DELETE, Tuple.of(id)).map(rows -> rows.size() > 0);
  }

  private static ApiKey key(Row row) {
    return new ApiKey(
        row.getLong("id"),
        row.getString("name"),
        scopes(row.getArrayOfStrings("scopes")),
        Set.of(row.getArrayOfStrings("pools")),
        Set.of(row.getArrayOfLongs("accounts")),
        Stamps.instant(row.getOffsetDateTime("expires_at")),
        row.getInteger("rate_per_second"),
        row.getLong("revision"),
        row.getOffsetDateTime("created_at").toInstant());
  }

  /** A scope of a newer release opens nothing here. */
  private static Set<Scope> scopes(String[] names) {
    return Arrays.stream(names)
        .map(Scope::parse)
        .flatMap(Optional::stream)
        .collect(Collectors.toUnmodifiableSet());
  }
}
