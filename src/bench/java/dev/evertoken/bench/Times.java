package dev.evertoken.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Asks at a fixed rate from one event loop, however late the answers are; each time counts from
 * when it should have been asked, so that a stall is seen by all who would have met it.
 */
final class Times {

  private final Vertx vertx;
  private final int count;
  private final long gap;
  private final IntFunction<Future<?>> question;
  private final long begun = System.nanoTime();
  private final List<Future<Double>> asked = new ArrayList<>();
  private final Promise<List<Double>> all = Promise.promise();

  private Times(Vertx vertx, int count, long gap, IntFunction<Future<?>> question) {
    this.vertx = vertx;
    this.count = count;
    this.gap = gap;
    this.question = question;
  }

  /** Milliseconds, sorted; fails if one question fails. */
  static List<Double> of(Vertx vertx, int perSecond, Duration time, IntFunction<Future<?>> question)
      throws Exception {
    int count = Math.toIntExact(perSecond * time.toSeconds());
    return within(vertx, count, TimeUnit.SECONDS.toNanos(1) / perSecond, question);
  }

  /** The same of so many at once. */
  static List<Double> atOnce(Vertx vertx, int count, IntFunction<Future<?>> question)
      throws Exception {
    return within(vertx, count, 0, question);
  }

  private static List<Double> within(
      Vertx vertx, int count, long gap, IntFunction<Future<?>> question) throws Exception {
    Context loop = vertx.getOrCreateContext();
    Promise<List<Double>> times = Promise.promise();
    loop.runOnContext(go -> new Times(vertx, count, gap, question).run().onComplete(times));
    return times.future().await(10, TimeUnit.MINUTES);
  }

  static double percentile(List<Double> sorted, int percent) {
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
  }

  private Future<List<Double>> run() {
    vertx.setPeriodic(1, this::tick);
    return all.future();
  }

  private void tick(long timer) {
    while (asked.size() < count && due() - System.nanoTime() <= 0) {
      asked.add(ask(due()));
    }
    if (asked.size() == count) {
      vertx.cancelTimer(timer);
      Future.all(asked).map(done -> done.<Double>list().stream().sorted().toList()).onComplete(all);
    }
  }

  private long due() {
    return begun + asked.size() * gap;
  }

  private Future<Double> ask(long due) {
    return question.apply(asked.size()).map(answer -> (System.nanoTime() - due) / 1e6);
  }
}
