package dev.evertoken.adapter.postgres;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Gives back claims whose taking failed on the way: PostgreSQL may have written them, or may still
 * write them when it thaws, and a claim that lapses would count as sent although nothing was.
 */
final class LostTakes {

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int TURNS = 4;
  private static final int MOST = 10_000;

  private final Vertx vertx;
  private final Database database;
  private final Map<UUID, Integer> turnsLeft = new ConcurrentHashMap<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  LostTakes(Vertx vertx, Database database) {
    this.vertx = vertx;
    this.database = database;
  }

  void giveBack(UUID attempt) {
    if (turnsLeft.size() < MOST) {
      turnsLeft.put(attempt, TURNS);
      schedule();
    }
  }

  private void schedule() {
    if (!turnsLeft.isEmpty() && scheduled.compareAndSet(false, true)) {
      vertx.setTimer(PAUSE.toMillis(), due -> turn());
    }
  }

  /** Only a turn that reached PostgreSQL counts: a statement on a frozen one may come after it. */
  private void turn() {
    UUID[] attempts = turnsLeft.keySet().toArray(UUID[]::new);
    database
        .urgent(ClaimSql.GIVE_BACK, Tuple.tuple().addArrayOfUUID(attempts))
        .onSuccess(done -> count(attempts))
        .onComplete(done -> again());
  }

  private void count(UUID[] attempts) {
    for (UUID attempt : attempts) {
      turnsLeft.computeIfPresent(attempt, (id, left) -> left > 1 ? left - 1 : null);
    }
  }

  private void again() {
    scheduled.set(false);
    schedule();
  }
}
