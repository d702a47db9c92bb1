package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Caller;
import dev.evertoken.port.Audit;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The audit, written every second behind what it tells of, in batches.
 *
 * <p>A change is written once, however often the writing is tried; a count of token reads may be
 * added twice when the answer to a write was lost. What a crash finds unwritten is lost: at most
 * the last second, or an outage of PostgreSQL up to the bounds.
 */
final class PostgresAudit implements Audit {

  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  /** As many batches a second as a busy node could ever need; the rest waits for the next one. */
  private static final int ROUNDS = 20;

  private static final int STOP_ROUNDS = 200;

  private final Vertx vertx;
  private final Time time;
  private final AuditChanges changes;
  private final AuditReads reads;
  private volatile boolean stopped;

  PostgresAudit(Vertx vertx, Database database, Time time) {
    this.vertx = vertx;
    this.time = time;
    this.changes = new AuditChanges(database);
    this.reads = new AuditReads(database);
  }

  @Override
  public void changed(
      Caller caller, String action, @Nullable Long account, Map<String, String> facts) {
    JsonObject json = new JsonObject();
    facts.forEach(json::put);
    Instant at = time.instant();
    changes.add(
        new AuditChanges.Entry(UUID.randomUUID(), at, caller.actor(), action, account, json));
  }

  @Override
  public void tokenRead(Caller caller, long account) {
    long minute = Math.floorDiv(time.millis(), MINUTE);
    reads.count(new AuditReads.Key(minute, caller.actor(), account));
  }

  void start() {
    if (!stopped) {
      vertx.setTimer(PERIOD.toMillis(), due -> catchUp(ROUNDS).onComplete(done -> start()));
    }
  }

  /** Writes what there is, as long as that works. */
  Future<Void> stop() {
    stopped = true;
    return drain(STOP_ROUNDS).otherwiseEmpty();
  }

  /** One batch, and more while there are whole ones: what comes meanwhile waits for its turn. */
  private Future<Void> catchUp(int rounds) {
    return flush()
        .compose(
            written ->
                rounds > 1 && (changes.fillBatch() || reads.fillBatch())
                    ? catchUp(rounds - 1)
                    : Future.succeededFuture());
  }

  private Future<Void> drain(int rounds) {
    boolean done = rounds == 0 || (changes.isEmpty() && reads.isEmpty());
    return done ? Future.succeededFuture() : flush().compose(next -> drain(rounds - 1));
  }

  private Future<Void> flush() {
    return changes.flush().compose(next -> reads.flush());
  }
}
