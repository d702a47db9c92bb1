package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.SuspensionStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The suspensions in PostgreSQL. */
final class PostgresSuspensions implements SuspensionStore {

  private static final String THIS_ONE =
      "kind = $1 and platform is not distinct from $2 and proxy_id is not distinct from $3";

  private static final String ALL =
      """
      select kind, platform, proxy_id, reason, since, probe_at from closed_ways order by since
      """;

  private static final String SUSPEND =
      """
      insert into suspensions as s (kind, platform, proxy_id, reason, since, probe_at)
      values ($1, $2, $3, $4, $5, $6)
      on conflict (kind, coalesce(platform, ''), coalesce(proxy_id, 0)) do update
        set reason = excluded.reason, probe_at = greatest(s.probe_at, excluded.probe_at),
          probe_until = null,
          since = case when s.kind = 'throttled' and s.probe_at <= clock_timestamp()
            then excluded.since else s.since end
      """;

  private static final String CLAIM_PROBE =
      """
      update suspensions
      set probe_until = clock_timestamp() + $4::bigint * interval '1 millisecond'
      where %s and probe_at <= clock_timestamp()
        and (probe_until is null or probe_until <= clock_timestamp())
      returning kind
      """
          .formatted(THIS_ONE);

  private static final String LIFT =
      "delete from suspensions where %s returning kind".formatted(THIS_ONE);

  private final Database database;

  PostgresSuspensions(Database database) {
    this.database = database;
  }

  @Override
  public Future<List<Suspension>> all() {
    return database
        .query(ALL, Tuple.tuple())
        .map(rows -> rows.stream().flatMap(PostgresSuspensions::suspension).toList());
  }

  /** A kind of a newer release is passed over: it is not ours to judge. */
  private static Stream<Suspension> suspension(Row row) {
    return WireName.parse(Suspension.Kind.class, row.getString("kind")).stream()
        .map(
            kind ->
                new Suspension(
                    kind,
                    row.getString("platform"),
                    row.getLong("proxy_id"),
                    row.getString("reason"),
                    row.getOffsetDateTime("since").toInstant(),
                    row.getOffsetDateTime("probe_at").toInstant()));
  }

  @Override
  public Future<Void> suspend(Suspension suspension) {
    Tuple arguments =
        which(suspension)
            .addString(suspension.reason())
            .addOffsetDateTime(Stamps.column(suspension.since()))
            .addOffsetDateTime(Stamps.column(suspension.probeAt()));
    return database.query(SUSPEND, arguments).mapEmpty();
  }

  @Override
  public Future<Boolean> claimProbe(Suspension suspension, Duration lapse) {
    return any(CLAIM_PROBE, which(suspension).addLong(lapse.toMillis()));
  }

  @Override
  public Future<Boolean> lift(Suspension suspension) {
    return any(LIFT, which(suspension));
  }

  private Future<Boolean> any(String sql, Tuple arguments) {
    return database.query(sql, arguments).map(rows -> rows.size() > 0);
  }

  private static Tuple which(Suspension suspension) {
    return Tuple.tuple()
        .addString(WireName.of(suspension.kind()))
        .addString(suspension.platform())
        .addLong(suspension.proxyId());
  }
}
