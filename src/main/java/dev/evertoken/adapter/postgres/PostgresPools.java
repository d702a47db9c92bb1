package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Pool;
import dev.evertoken.domain.PoolStrategy;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.PoolStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The pools in PostgreSQL. */
final class PostgresPools implements PoolStore {

  private static final String ALL = "select name, strategy, max_switches, revision from pools";

  private static final String SAVE =
      """
      insert into pools (name, strategy, max_switches)
      select $1, $2, $3
      where $4::bigint is null or $4 = 1 or exists (select 1 from pools where name = $1)
      on conflict (name) do update set strategy = excluded.strategy,
        max_switches = excluded.max_switches, revision = pools.revision + 1,
        updated_at = clock_timestamp()
      where $4::bigint is null or pools.revision = $4
      returning name, strategy, max_switches, revision
      """;

  private static final String REMOVE =
      """
      with gone as (
        delete from pools where name = $1 and ($2::bigint is null or revision = $2) returning name)
      select exists (select 1 from gone)
        or ($2::bigint is null or $2 = 1) and not exists (select 1 from pools where name = $1) as done
      """;

  private final Database database;
  private final String ofOne;

  PostgresPools(Database database) {
    this(database, PoolCountSql.OF_ONE);
  }

  /** Counts one pool by that statement. */
  PostgresPools(Database database, String ofOne) {
    this.database = database;
    this.ofOne = ofOne;
  }

  @Override
  public Future<List<Pool>> all() {
    return database
        .query(ALL, Tuple.tuple())
        .map(rows -> rows.stream().map(PostgresPools::pool).toList());
  }

  @Override
  public Future<Pool> save(Pool wanted, OptionalLong ifRevision) {
    Tuple arguments =
        Tuple.of(wanted.name(), WireName.of(wanted.strategy()))
            .addInteger(
                wanted.maxSwitches().isPresent()
                    ? Integer.valueOf(wanted.maxSwitches().getAsInt())
                    : null)
            .addLong(ifRevision.isPresent() ? ifRevision.getAsLong() : null);
    return database
        .query(SAVE, arguments)
        .compose(
            saved ->
                saved.size() == 0
                    ? Future.failedFuture(changed())
                    : Future.succeededFuture(pool(saved.iterator().next())));
  }

  @Override
  public Future<Void> remove(String pool, OptionalLong ifRevision) {
    Tuple arguments =
        Tuple.of(pool).addLong(ifRevision.isPresent() ? ifRevision.getAsLong() : null);
    return database
        .query(REMOVE, arguments)
        .compose(
            rows ->
                rows.iterator().next().getBoolean("done")
                    ? Future.succeededFuture()
                    : Future.failedFuture(changed()));
  }

  @Override
  public Future<Members> members(String pool, Whose whose) {
    return database
        .query(ofOne, whose(whose).addString(pool))
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .map(PostgresPools::members)
                    .orElseGet(() -> new Members(pool, Map.of(), null)));
  }

  @Override
  public Future<List<Members>> list(Whose whose, int limit, String afterName) {
    Tuple arguments =
        whose(whose)
            .addString(afterName)
            .addInteger(limit)
            .addArrayOfString(whose.names().toArray(String[]::new));
    return database
        .query(PoolCountSql.LIST, arguments)
        .map(rows -> rows.stream().map(PostgresPools::members).toList());
  }

  private static Tuple whose(Whose whose) {
    return Tuple.tuple()
        .addBoolean(whose.limited())
        .addArrayOfString(whose.pools().toArray(String[]::new))
        .addArrayOfLong(whose.accounts().toArray(Long[]::new));
  }

  private static Members members(Row row) {
    return new Members(
        row.getString("pool"),
        byState(row.getLong("total"), row.getJsonObject("out")),
        Stamps.instant(row.getOffsetDateTime("next_recovery")));
  }

  /** Who is not out is usable. */
  private static Map<String, Long> byState(@Nullable Long total, @Nullable JsonObject out) {
    if (total == null) {
      return Map.of();
    }
    Map<String, Long> byState = new HashMap<>();
    long usable = total;
    JsonObject states = out == null ? new JsonObject() : out;
    for (String state : states.fieldNames()) {
      long n = states.getLong(state);
      byState.put(state, n);
      usable -= n;
    }
    byState.put("usable", usable);
    return byState;
  }

  private static Pool pool(Row row) {
    Integer switches = row.getInteger("max_switches");
    return new Pool(
        row.getString("name"),
        WireName.parse(PoolStrategy.class, row.getString("strategy")).orElse(PoolStrategy.PRIORITY),
        switches == null ? OptionalInt.empty() : OptionalInt.of(switches),
        row.getLong("revision"));
  }

  private static RuntimeException changed() {
    return Problem.of(ProblemCode.PRECONDITION_FAILED, "The pool has changed since it was read.")
        .exception();
  }
}
