package dev.evertoken.adapter.postgres;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL as the stores use it: single statements, each of which ends within the deadline
 * whatever the server does, and a pool that is replaced when the server froze.
 *
 * <p>A failure is a {@code storage_unavailable} problem, an {@code overloaded} one where PostgreSQL
 * works and too many calls of this node wait for it, or what PostgreSQL answered (a constraint). A
 * call that ended at its deadline may still take effect. Safe for any thread.
 */
public final class Database {

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  private final Vertx vertx;
  private final PgConnectOptions connect;
  private final DatabaseLimits limits;
  private final AtomicReference<Lane> current;
  private final ConnectionLine line;
  private final AtomicInteger failuresInARow = new AtomicInteger();
  private volatile boolean closed;
  private volatile @Nullable Long backAt;

  /** Prepares a pool; the first connection is made by the first call. */
  public Database(Vertx vertx, PostgresAddress address, DatabaseLimits limits) {
    this.vertx = vertx;
    this.limits = limits;
    this.connect = address.connectOptions(limits.statementTimeout().toMillis());
    this.current = new AtomicReference<>(open());
    this.line = new ConnectionLine(vertx, limits);
  }

  private Lane open() {
    PoolOptions options =
        new PoolOptions()
            .setMaxSize(limits.connections())
            .setMaxWaitQueueSize(limits.waiting())
            .setIdleTimeout(10)
            .setIdleTimeoutUnit(TimeUnit.MINUTES)
            .setMaxLifetime(30)
            .setMaxLifetimeUnit(TimeUnit.MINUTES);
    Pool pool = PgBuilder.pool().with(options).connectingTo(connect).using(vertx).build();
    return new Lane(pool, limits);
  }

  /** Runs one statement. */
  public Future<RowSet<Row>> query(String sql, Tuple arguments) {
    return line.run(false, () -> now(sql, arguments));
  }

  /** Runs one statement that no number of reads may hold up: of a claim, a commit, a heartbeat. */
  Future<RowSet<Row>> urgent(String sql, Tuple arguments) {
    return line.run(true, () -> now(sql, arguments));
  }

  private Future<RowSet<Row>> now(String sql, Tuple arguments) {
    Lane lane = current.get();
    return lane.run(sql, arguments)
        .recover(failure -> prepareAnew(lane, failure, sql, arguments))
        .transform(outcome -> judged(lane, outcome));
  }

  /**
   * A table has changed under a statement that was kept prepared: PostgreSQL refuses it before it
   * does anything, and new connections know the table as it is.
   */
  private Future<RowSet<Row>> prepareAnew(
      Lane lane, Throwable failure, String sql, Tuple arguments) {
    if (!StorageFailures.outdatedStatement(failure)) {
      return Future.failedFuture(failure);
    }
    leave(lane);
    return current.get().run(sql, arguments);
  }

  private Future<RowSet<Row>> judged(Lane lane, AsyncResult<RowSet<Row>> outcome) {
    if (outcome.succeeded()) {
      worked(lane);
      return Future.succeededFuture(outcome.result());
    }
    if (StorageFailures.unavailable(outcome.cause())) {
      failed(lane, outcome.cause());
    } else {
      worked(lane);
    }
    return Future.failedFuture(StorageFailures.forCaller(outcome.cause()));
  }

  private void worked(Lane lane) {
    lane.worked();
    if (failuresInARow.getAndSet(0) > 1) {
      backAt = System.nanoTime();
      LOG.info("postgres_up");
    }
  }

  private void failed(Lane lane, Throwable cause) {
    if (failuresInARow.incrementAndGet() == 2 && !closed) {
      LOG.atWarn().addKeyValue("cause", cause).log("postgres_down");
    }
    if (!up() && !(cause instanceof PgException)) {
      line.fail(StorageFailures::problem);
    }
    // The address may lead to another server by now; old connections stay with a demoted one.
    boolean demoted = StorageFailures.readOnly(cause) && lane.olderThan(limits.deadline());
    if (lane.lost() || demoted) {
      leave(lane);
    }
  }

  private void leave(Lane lane) {
    if (closed || current.get() != lane) {
      return;
    }
    Lane fresh = open();
    if (current.compareAndSet(lane, fresh)) {
      LOG.warn("postgres_pool_replaced");
      // What still runs there has its own deadline; on a frozen server the close never ends.
      vertx.setTimer(limits.deadline().toMillis(), due -> abandon(lane));
    } else {
      abandon(fresh);
    }
  }

  private void abandon(Lane lane) {
    lane.close()
        .timeout(limits.deadline().toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(late -> LOG.atDebug().addKeyValue("cause", late).log("postgres_pool_abandoned"));
  }

  /** Whether the latest calls reached PostgreSQL. */
  public boolean up() {
    return failuresInARow.get() < 2;
  }

  /** Whether PostgreSQL works, and has for that long since it was last away. */
  boolean steadyFor(Duration time) {
    Long since = backAt;
    return up() && (since == null || System.nanoTime() - since >= time.toNanos());
  }

  /** Closes the pool, waiting at most the deadline. */
  public Future<Void> close() {
    closed = true;
    return current
        .get()
        .close()
        .timeout(limits.deadline().toMillis(), TimeUnit.MILLISECONDS)
        .otherwiseEmpty();
  }
}
