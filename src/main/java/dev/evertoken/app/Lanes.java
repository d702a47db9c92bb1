package dev.evertoken.app;

import dev.evertoken.port.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Works through a long list, a few items at a time; the first failure ends it.
 *
 * <p>No chain of futures, which would be as deep as the list is long.
 */
final class Lanes<T, R> {

  private final Scheduler scheduler;
  private final List<T> items;
  private final Function<T, Future<R>> work;
  private final AtomicReferenceArray<R> results;
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final Promise<List<R>> all = Promise.promise();

  private Lanes(Scheduler scheduler, List<T> items, Function<T, Future<R>> work) {
    this.scheduler = scheduler;
    this.items = items;
    this.work = work;
    this.results = new AtomicReferenceArray<>(items.size());
  }

  /** The results in the order of the items. */
  static <T, R> Future<List<R>> map(
      Scheduler scheduler, int lanes, List<T> items, Function<T, Future<R>> work) {
    if (items.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    Lanes<T, R> run = new Lanes<>(scheduler, items, work);
    for (int lane = 0; lane < lanes; lane++) {
      run.step();
    }
    return run.all.future();
  }

  private void step() {
    int place = begun.getAndIncrement();
    if (place >= items.size() || all.future().isComplete()) {
      return;
    }
    Future.succeededFuture(items.get(place))
        .compose(work)
        .onSuccess(result -> finished(place, result))
        .onFailure(all::tryFail);
  }

  private void finished(int place, R result) {
    results.set(place, result);
    if (done.incrementAndGet() == items.size()) {
      all.tryComplete(IntStream.range(0, items.size()).mapToObj(results::get).toList());
    } else {
      scheduler.soon(this::step);
    }
  }
}
