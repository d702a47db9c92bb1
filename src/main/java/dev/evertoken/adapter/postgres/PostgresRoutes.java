package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Suspension.Outage;
import dev.evertoken.domain.Way;
import dev.evertoken.domain.WayRecord;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.RouteStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The evidence against the ways and their suspensions in PostgreSQL, by its clock. */
final class PostgresRoutes implements RouteStore {

  private final Database database;
  private final AccountRows rows;

  PostgresRoutes(Database database, Installation installation) {
    this.database = database;
    this.rows = new AccountRows(installation.columns());
  }

  @Override
  public Future<List<Suspension>> suspensions() {
    return database
        .query(SuspensionSql.ALL, Tuple.tuple())
        .map(found -> found.stream().flatMap(PostgresRoutes::suspension).toList());
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
                    row.getOffsetDateTime("probe_at").toInstant(),
                    new Outage(
                        row.getOffsetDateTime("outage_since").toInstant(),
                        row.getInteger("failed_probes"))));
  }

  @Override
  public Future<List<WayRecord>> records() {
    return database
        .query(EvidenceSql.RECORDS, Tuple.tuple())
        .map(found -> found.stream().map(WayJson::record).toList());
  }

  @Override
  public Future<WayRecord> failed(Way way, WayRecord.Failure failure) {
    Tuple arguments = which(way).addJsonObject(WayJson.of(failure));
    return database
        .query(EvidenceSql.FAILED, arguments)
        .map(found -> WayJson.record(found.iterator().next()));
  }

  @Override
  public Future<Void> understood(Way way, Instant requestedAt) {
    Tuple arguments = which(way).addOffsetDateTime(Stamps.column(requestedAt));
    return database.query(EvidenceSql.UNDERSTOOD, arguments).mapEmpty();
  }

  @Override
  public Future<Void> count(Collection<Tally> tallies) {
    return tallies.isEmpty()
        ? Future.succeededFuture()
        : database
            .query(EvidenceSql.COUNT, Tuple.tuple().addJsonArray(WayJson.of(tallies)))
            .mapEmpty();
  }

  @Override
  public Future<WayRecord> record(Way way) {
    return database
        .query(EvidenceSql.RECORD, which(way))
        .map(
            found ->
                found.size() == 0 ? WayRecord.none(way) : WayJson.record(found.iterator().next()));
  }

  @Override
  public Future<Boolean> othersCouldRefresh(Way way, Set<Long> besides) {
    Long[] those = besides.toArray(Long[]::new);
    String platform = way.platform();
    Long proxy = way.proxyId();
    if (platform == null) {
      return others(EvidenceSql.OTHERS_OF_PROXY, Tuple.of(those, proxy));
    }
    return proxy == null
        ? others(EvidenceSql.OTHERS_OF_DIRECT_ROUTE, Tuple.of(those, platform))
        : others(EvidenceSql.OTHERS_OF_ROUTE, Tuple.of(those, platform, proxy));
  }

  @Override
  public Future<Boolean> othersOfPlatform(String platform, Set<Long> besides) {
    return others(EvidenceSql.OTHERS_OF_PLATFORM, Tuple.of(besides.toArray(Long[]::new), platform));
  }

  private Future<Boolean> others(String sql, Tuple arguments) {
    return database
        .query(sql, arguments)
        .map(found -> found.iterator().next().getBoolean("others"));
  }

  @Override
  public Future<Boolean> suspend(Suspension suspension) {
    Tuple arguments =
        which(suspension)
            .addString(suspension.reason())
            .addOffsetDateTime(Stamps.column(suspension.since()))
            .addOffsetDateTime(Stamps.column(suspension.probeAt()))
            .addOffsetDateTime(Stamps.column(suspension.outage().since()))
            .addInteger(suspension.outage().failedProbes());
    return database
        .query(SuspensionSql.SUSPEND, arguments)
        .map(found -> found.iterator().next().getBoolean("is_new"));
  }

  @Override
  public Future<Optional<Account>> claimProbe(
      Suspension suspension, @Nullable Long asker, Duration lapse) {
    Tuple arguments = which(suspension).addLong(lapse.toMillis()).addLong(asker);
    return database.query(probe(suspension), arguments).map(this::chosen);
  }

  private Optional<Account> chosen(RowSet<Row> found) {
    return found.stream().findFirst().map(rows::listed);
  }

  private static String probe(Suspension suspension) {
    return switch (suspension.kind()) {
      case PROXY, PROXY_DISABLED, PROXY_MISSING -> SuspensionSql.PROBE_OF_PROXY;
      case PLATFORM, THROTTLED, PROVIDER_CONFIG -> SuspensionSql.PROBE_OF_PLATFORM;
      case ROUTE, UNREADABLE, ROUTE_THROTTLED ->
          suspension.proxyId() == null
              ? SuspensionSql.PROBE_OF_DIRECT_ROUTE
              : SuspensionSql.PROBE_OF_ROUTE;
    };
  }

  @Override
  public Future<Void> releaseProbe(Suspension suspension) {
    return database.query(SuspensionSql.RELEASE_PROBE, which(suspension)).mapEmpty();
  }

  @Override
  public Future<Void> probeFailed(Suspension suspension, long account) {
    return database
        .query(SuspensionSql.PROBE_FAILED, which(suspension).addLong(account))
        .mapEmpty();
  }

  @Override
  public Future<Boolean> lift(Suspension suspension) {
    return database.query(SuspensionSql.LIFT, which(suspension)).map(found -> found.size() > 0);
  }

  private static Tuple which(Suspension suspension) {
    return Tuple.tuple()
        .addString(WireName.of(suspension.kind()))
        .addString(suspension.platform())
        .addLong(suspension.proxyId());
  }

  private static Tuple which(Way way) {
    return Tuple.tuple().addString(way.platform()).addLong(way.proxyId());
  }
}
