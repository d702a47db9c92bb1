package dev.evertoken.adapter.postgres;

import dev.evertoken.port.FleetCounts;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The counts over all live accounts, in one statement that reads those which cannot be picked, the
 * first of two indexes for each platform, and sums for the rest.
 */
final class PostgresFleetCounts implements FleetCounts {

  /** Rows of a platform (with its times), of a platform's state, of a pool, of who is out of it. */
  static final String SQL =
      AccountStates.told("true", "true")
          + """
          , totals as materialized (
            select platform, pool, sum(n)::bigint as n from pool_sizes
            group by platform, pool having sum(n) > 0
          )
          select platform, null as state, null as pool, n, (
              select refresh_due_at from accounts
              where deleted_at is null and status = 'active' and refresh_due_at is not null
                and platform = totals.platform
              order by refresh_due_at limit 1
            ) as due, (
              select expires_at from accounts
              where deleted_at is null and status = 'active' and expires_at is not null
                and platform = totals.platform
              order by expires_at limit 1
            ) as expiry
          from totals where pool = platform
          union all
          select platform, state, null, sum(n)::bigint, null, null from told group by platform, state
          union all
          select platform, '1d', null, count(*), null, null from accounts
          where deleted_at is null and %s group by platform
          union all
          select platform, '7d', null, count(*), null, null from accounts
          where deleted_at is null and %s group by platform
          union all
          select null, null, pool, sum(n)::bigint, null, null from totals group by pool
          union all
          select null, 'out', pool, sum(n)::bigint, null, null
          from told cross join lateral (select distinct unnest(pools || platform) as pool) own
          group by pool
          """
              .formatted(
                  RefreshEndSql.before("now() + interval '1 day'"),
                  RefreshEndSql.before("now() + interval '7 days'"));

  private static final Set<String> MARKS = Set.of("1d", "7d");

  /** From here on an expiry means none. */
  private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

  private final Database database;

  PostgresFleetCounts(Database database) {
    this.database = database;
  }

  @Override
  public Future<Counts> counts() {
    return database.query(SQL, Tuple.tuple()).map(PostgresFleetCounts::counts);
  }

  private static Counts counts(RowSet<Row> rows) {
    Map<String, Row> platforms = new TreeMap<>();
    Map<String, Map<String, Long>> out = new HashMap<>();
    Map<String, Map<String, Long>> ending = new HashMap<>();
    Map<String, Long> usable = new HashMap<>();
    for (Row row : rows) {
      String platform = row.getString("platform");
      String state = row.getString("state");
      long n = row.getLong("n");
      if (platform == null) {
        usable.merge(row.getString("pool"), state == null ? n : -n, Long::sum);
      } else if (state == null) {
        platforms.put(platform, row);
      } else if (MARKS.contains(state)) {
        ending.computeIfAbsent(platform, name -> new HashMap<>()).put(state, n);
      } else {
        out.computeIfAbsent(platform, name -> new HashMap<>()).put(state, n);
      }
    }
    List<OfPlatform> told = new ArrayList<>();
    platforms.forEach(
        (name, row) ->
            told.add(
                of(
                    name,
                    row,
                    out.getOrDefault(name, Map.of()),
                    ending.getOrDefault(name, Map.of()))));
    return new Counts(told, usable);
  }

  /** Who is not out is usable. */
  private static OfPlatform of(
      String platform, Row all, Map<String, Long> out, Map<String, Long> ending) {
    Map<String, Long> byState = new HashMap<>(out);
    long usable = all.getLong("n") - out.values().stream().mapToLong(Long::longValue).sum();
    byState.put("usable", usable);
    return new OfPlatform(platform, byState, due(all), expiry(all), ending);
  }

  private static @Nullable Instant due(Row row) {
    return Stamps.instant(row.getOffsetDateTime("due"));
  }

  private static @Nullable Instant expiry(Row row) {
    Instant first = Stamps.instant(row.getOffsetDateTime("expiry"));
    return first == null || first.isBefore(NEVER) ? first : null;
  }
}
