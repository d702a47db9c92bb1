package dev.evertoken.adapter.postgres;

import dev.evertoken.port.FleetCounts;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The counts over all live accounts, in one statement. */
final class PostgresFleetCounts implements FleetCounts {

  private static final String SQL =
      """
      with live as (
        select platform, pools || platform as pools,
          case
            when status <> 'active' then status
            when paused then 'paused'
            when not (%s) then 'benched'
            when (access_sealed is null or coalesce(expires_at <= clock_timestamp(), true)
              or coalesce(generation <= rejected_generation, false)) and %s then 'suspended'
            else 'usable'
          end as state,
          case when status = 'active' then refresh_due_at end as due,
          case when status = 'active' and expires_at < '9999-01-01' then expires_at end as expiry
        from accounts where deleted_at is null
      )
      select platform, state, null as pool, count(*) as n, min(due) as due, min(expiry) as expiry
      from live group by platform, state
      union all
      select null, null, pool, count(*) filter (where state = 'usable'), null, null
      from live, unnest(pools) as pool group by pool
      """
          .formatted(AccountList.USABLE, AccountList.CLOSED);

  private final Database database;

  PostgresFleetCounts(Database database) {
    this.database = database;
  }

  @Override
  public Future<Counts> counts() {
    return database.query(SQL, Tuple.tuple()).map(PostgresFleetCounts::counts);
  }

  private static Counts counts(RowSet<Row> rows) {
    Map<String, List<Row>> byPlatform = new TreeMap<>();
    Map<String, Long> usable = new HashMap<>();
    for (Row row : rows) {
      String pool = row.getString("pool");
      if (pool == null) {
        byPlatform.computeIfAbsent(row.getString("platform"), name -> new ArrayList<>()).add(row);
      } else {
        usable.put(pool, row.getLong("n"));
      }
    }
    List<OfPlatform> platforms = new ArrayList<>();
    byPlatform.forEach((name, states) -> platforms.add(platform(name, states)));
    return new Counts(platforms, usable);
  }

  private static OfPlatform platform(String name, List<Row> states) {
    Map<String, Long> byState = new HashMap<>();
    states.forEach(row -> byState.put(row.getString("state"), row.getLong("n")));
    return new OfPlatform(name, byState, earliest(states, "due"), earliest(states, "expiry"));
  }

  private static @Nullable Instant earliest(List<Row> rows, String column) {
    Instant earliest = null;
    for (Row row : rows) {
      OffsetDateTime value = row.getOffsetDateTime(column);
      Instant time = Stamps.instant(value);
      if (time != null && (earliest == null || time.isBefore(earliest))) {
        earliest = time;
      }
    }
    return earliest;
  }
}
