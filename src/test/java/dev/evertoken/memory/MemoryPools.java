package dev.evertoken.memory;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Pool;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Suspension;
import dev.evertoken.port.PoolStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The pools. When the first that is out may be back is not told. */
public final class MemoryPools implements PoolStore {

  private final MemoryDatabase database;
  private final Map<String, Pool> pools = new TreeMap<>();

  public MemoryPools(MemoryDatabase database) {
    this.database = database;
  }

  @Override
  public Future<List<Pool>> all() {
    return database.run(() -> List.copyOf(pools.values()));
  }

  @Override
  public Future<Pool> save(Pool wanted, OptionalLong ifRevision) {
    return database.run(
        () -> {
          Pool had = pools.get(wanted.name());
          long revision = had == null ? Pool.UNSTORED : had.revision();
          if (ifRevision.isPresent() && ifRevision.getAsLong() != revision) {
            throw Problem.of(
                    ProblemCode.PRECONDITION_FAILED, "The pool has changed since it was read.")
                .exception();
          }
          Pool is = new Pool(wanted.name(), wanted.strategy(), wanted.maxSwitches(), revision + 1);
          pools.put(is.name(), is);
          return is;
        });
  }

  @Override
  public Future<Void> remove(String pool, OptionalLong ifRevision) {
    return database.run(
        () -> {
          Pool had = pools.get(pool);
          long revision = had == null ? Pool.UNSTORED : had.revision();
          if (ifRevision.isPresent() && ifRevision.getAsLong() != revision) {
            throw Problem.of(
                    ProblemCode.PRECONDITION_FAILED, "The pool has changed since it was read.")
                .exception();
          }
          pools.remove(pool);
          return null;
        });
  }

  @Override
  public Future<Members> members(String pool, Whose whose) {
    return database.run(() -> count(pool, whose));
  }

  @Override
  public Future<List<Members>> list(Whose whose, int limit, String afterName) {
    return database.run(
        () -> {
          Set<String> names = new TreeSet<>(whose.names());
          database
              .live()
              .map(AccountRow::view)
              .filter(account -> counts(account, whose))
              .forEach(
                  account -> {
                    names.add(account.platform());
                    names.addAll(account.pools());
                  });
          return names.stream()
              .filter(name -> name.compareTo(afterName) > 0)
              .limit(limit)
              .map(name -> count(name, whose))
              .toList();
        });
  }

  private Members count(String pool, Whose whose) {
    Instant now = database.now();
    List<Suspension> closed = MemoryRoutes.all(database);
    Map<String, Long> byState = new HashMap<>();
    database
        .live()
        .map(AccountRow::view)
        .filter(account -> account.inPool(pool) && counts(account, whose))
        .forEach(account -> byState.merge(state(account, closed, now), 1L, Long::sum));
    return new Members(pool, byState, null);
  }

  private static boolean counts(Account account, Whose whose) {
    return !whose.limited()
        || whose.accounts().contains(account.id())
        || whose.pools().stream().anyMatch(account::inPool);
  }

  private static String state(Account account, List<Suspension> closed, Instant now) {
    Suspension suspended =
        closed.stream().filter(s -> s.covers(account.route())).findFirst().orElse(null);
    return Candidate.of(account, null, now).state(now, suspended);
  }
}
