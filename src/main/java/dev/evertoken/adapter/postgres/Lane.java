package dev.evertoken.adapter.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One pool of connections, and how it has fared. A frozen server leaves its sockets dead for ever,
 * and the client cannot cut them: then the whole lane is left for a new one.
 */
final class Lane {

  private final Pool pool;
  private final DatabaseLimits limits;
  private final long openedAt = System.nanoTime();
  private final AtomicInteger timeoutsInARow = new AtomicInteger();
  private final AtomicInteger overdue = new AtomicInteger();
  private volatile boolean proven;

  Lane(Pool pool, DatabaseLimits limits) {
    this.pool = pool;
    this.limits = limits;
  }

  /** Runs the statement; fails with a {@link TimeoutException} at the deadline, come what may. */
  Future<RowSet<Row>> run(String sql, Tuple arguments) {
    Call call = new Call(sql, arguments);
    return pool.getConnection()
        .compose(call::execute)
        .timeout(limits.deadline().toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(call::ended);
  }

  void worked() {
    proven = true;
    timeoutsInARow.set(0);
  }

  /** Whether to leave this lane: it worked once and now hangs, or it has not worked for long. */
  boolean lost() {
    boolean hangs =
        timeoutsInARow.get() >= limits.timeoutsInARow()
            || overdue.get() >= Math.max(1, limits.connections() / 2);
    return hangs && (proven || olderThan(limits.patience()));
  }

  boolean olderThan(Duration age) {
    return System.nanoTime() - openedAt >= age.toNanos();
  }

  Future<Void> close() {
    return pool.close();
  }

  /** One statement; its connection counts as stuck from the deadline until the server answers. */
  private final class Call {

    private final String sql;
    private final Tuple arguments;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean stuck = new AtomicBoolean();
    private volatile boolean givenUp;

    Call(String sql, Tuple arguments) {
      this.sql = sql;
      this.arguments = arguments;
    }

    Future<RowSet<Row>> execute(SqlConnection connection) {
      if (givenUp) {
        // A write must not happen behind the back of who has been told that it failed.
        return connection
            .close()
            .transform(
                closed -> Future.failedFuture(new TimeoutException("no connection in time")));
      }
      running.set(true);
      return connection
          .preparedQuery(sql)
          .execute(arguments)
          .onComplete(answer -> answered())
          .eventually(() -> connection.close().otherwiseEmpty());
    }

    private void answered() {
      running.set(false);
      if (stuck.compareAndSet(true, false)) {
        overdue.decrementAndGet();
      }
    }

    void ended(Throwable failure) {
      givenUp = true;
      if (failure instanceof TimeoutException) {
        timeoutsInARow.incrementAndGet();
        if (running.get() && stuck.compareAndSet(false, true)) {
          overdue.incrementAndGet();
        }
      }
    }
  }
}
