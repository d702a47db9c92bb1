package dev.evertoken.app;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Refreshes many accounts, a few at a time; the failure of one is nobody else's. */
public final class BatchRefresh {

  private static final int AT_ONCE = 8;

  private final AccountAdmin accounts;

  BatchRefresh(AccountAdmin accounts) {
    this.accounts = accounts;
  }

  /** How it went for one account; {@code problem} is null where it was refreshed. */
  public record Result(long account, @Nullable Problem problem) {}

  /** One result an id, in the order of the ids. */
  public Future<List<Result>> refresh(
      Caller caller, Collection<Long> ids, @Nullable String traceId) {
    List<Long> order = List.copyOf(ids);
    Queue<Long> waiting = new ConcurrentLinkedQueue<>(order);
    Queue<Result> results = new ConcurrentLinkedQueue<>();
    List<Future<Void>> lanes = new ArrayList<>();
    for (int lane = 0; lane < AT_ONCE; lane++) {
      lanes.add(next(caller, waiting, results, traceId));
    }
    return Future.join(lanes)
        .map(
            done ->
                results.stream()
                    .sorted(Comparator.comparingInt(result -> order.indexOf(result.account())))
                    .toList());
  }

  private Future<Void> next(
      Caller caller, Queue<Long> waiting, Queue<Result> results, @Nullable String traceId) {
    Long id = waiting.poll();
    return id == null
        ? Future.succeededFuture()
        : refresh(caller, id, traceId)
            .onSuccess(results::add)
            .compose(done -> next(caller, waiting, results, traceId));
  }

  private Future<Result> refresh(Caller caller, long id, @Nullable String traceId) {
    return accounts
        .refresh(caller, id, false, traceId)
        .map(after -> new Result(id, null))
        .recover(failure -> refused(id, failure));
  }

  private static Future<Result> refused(long id, Throwable failure) {
    return failure instanceof ProblemException expected
        ? Future.succeededFuture(new Result(id, expected.problem()))
        : Future.failedFuture(failure);
  }
}
