package dev.evertoken.memory;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Route;
import dev.evertoken.port.BenchStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The benches. */
public final class MemoryBenches implements BenchStore {

  private final MemoryDatabase database;

  public MemoryBenches(MemoryDatabase database) {
    this.database = database;
  }

  @Override
  public Future<Optional<Account>> set(long account, Bench bench, Instant evidence) {
    return database.run(
        () ->
            database
                .live(account)
                .filter(row -> row.bench(bench, evidence, database.now()))
                .map(database::changed));
  }

  @Override
  public Future<Optional<Account>> clear(long account, Set<BenchCause> causes) {
    return database.run(
        () -> {
          Instant now = database.now();
          return database
              .live(account)
              .filter(row -> causes.stream().anyMatch(cause -> row.benched(cause, now)))
              .map(row -> clear(row, causes, now));
        });
  }

  private Account clear(AccountRow row, Set<BenchCause> causes, Instant now) {
    boolean failed =
        causes.contains(BenchCause.REFRESH_FAILED) && row.benched(BenchCause.REFRESH_FAILED, now);
    causes.forEach(cause -> row.clear(cause, now));
    if (failed) {
      row.endRest(now);
    }
    return database.changed(row);
  }

  @Override
  public Future<List<Account>> clearOutage(Route route, Instant since) {
    return database.run(
        () -> {
          Instant now = database.now();
          return database
              .live()
              .filter(row -> !row.failsByItself())
              .filter(
                  row -> ofOutage(row.benches.get(BenchCause.REFRESH_FAILED), route, since, now))
              .map(row -> clear(row, Set.of(BenchCause.REFRESH_FAILED), now))
              .toList();
        });
  }

  private static boolean ofOutage(@Nullable Bench bench, Route route, Instant since, Instant now) {
    return bench != null
        && bench.activeAt(now)
        && route.label().equals(bench.route())
        && !bench.since().isBefore(since);
  }
}
