package dev.evertoken.adapter.postgres;

import dev.evertoken.port.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Now by PostgreSQL's clock: this node's clock plus the offset that was measured last. The
 * measuring also finds out, without any traffic, that PostgreSQL went or came back.
 */
final class ServerTime implements Time {

  private static final String CLOCK = "select clock_timestamp() as now";
  private static final Duration PERIOD = Duration.ofSeconds(2);

  /** A longer round trip says too little about when in it the clock was read. */
  private static final Duration TOO_LONG = Duration.ofMillis(250);

  private final Vertx vertx;
  private final Database database;
  private final InstantSource local;
  private volatile Duration offset = Duration.ZERO;
  private volatile boolean measured;
  private volatile boolean stopped;

  ServerTime(Vertx vertx, Database database, InstantSource local) {
    this.vertx = vertx;
    this.database = database;
    this.local = local;
  }

  @Override
  public Instant instant() {
    return local.instant().plus(offset);
  }

  @Override
  public long millis() {
    return local.millis() + offset.toMillis();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  /** Measures once, and then every few seconds until stopped. */
  Future<Void> start() {
    return FirstCalls.patiently(vertx, this::measure).onComplete(first -> schedule());
  }

  void stop() {
    stopped = true;
  }

  private void schedule() {
    if (!stopped) {
      vertx.setTimer(PERIOD.toMillis(), due -> measure().onComplete(done -> schedule()));
    }
  }

  private Future<Void> measure() {
    Instant sent = local.instant();
    long start = System.nanoTime();
    return database
        .urgent(CLOCK, Tuple.tuple())
        .onSuccess(rows -> take(sent, Duration.ofNanos(System.nanoTime() - start), rows))
        .mapEmpty();
  }

  private void take(Instant sent, Duration trip, RowSet<Row> rows) {
    if (measured && trip.compareTo(TOO_LONG) > 0) {
      return;
    }
    Instant server = rows.iterator().next().getOffsetDateTime("now").toInstant();
    offset = Duration.between(sent.plus(trip.dividedBy(2)), server);
    measured = true;
  }
}
