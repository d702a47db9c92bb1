package dev.evertoken.bench;

import dev.evertoken.app.PoolPick;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What an operator asks and a pool's selection at 1 000 000 accounts against 1 000, in turns; a
 * round is the median of many.
 */
final class Lists implements Figure {

  private static final int FEW = 1_000;
  private static final int MANY = Integer.getInteger("bench.accounts", 1_000_000);
  private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
  private static final int EACH = 20;
  private static final int PICKS = 2_000;

  @Override
  public List<Result> measure(Path folder) throws Exception {
    List<Result> results = new ArrayList<>();
    try (ListedFleet small = new ListedFleet(folder.resolve("small"), FEW);
        ListedFleet large = new ListedFleet(folder.resolve("large"), MANY)) {
      Map<String, Supplier<Future<?>>> fewer = small.questions();
      for (var question : large.questions().entrySet()) {
        results.add(
            compared(
                question.getKey(),
                question.getValue(),
                Objects.requireNonNull(fewer.get(question.getKey()))));
      }
    }
    results.addAll(picks());
    return results;
  }

  private static Result compared(String what, Supplier<Future<?>> many, Supplier<Future<?>> few)
      throws Exception {
    List<Double> measured = new ArrayList<>();
    List<Double> baseline = new ArrayList<>();
    for (int round = -1; round < ROUNDS; round++) {
      List<Double> of = new ArrayList<>();
      List<Double> against = new ArrayList<>();
      for (int i = 0; i < EACH; i++) {
        against.add(millis(what, few));
        of.add(millis(what, many));
      }
      if (round >= 0) {
        measured.add(Result.median(of));
        baseline.add(Result.median(against));
      }
    }
    Result result = new Result(what, "ms", measured, baseline);
    System.out.println(result.row());
    return result;
  }

  private static double millis(String what, Supplier<Future<?>> question) {
    long begun = System.nanoTime();
    try {
      Stand.within(question.get());
    } catch (Exception e) {
      throw new IllegalStateException(what, e);
    }
    return (System.nanoTime() - begun) / 1e6;
  }

  private static List<Result> picks() {
    List<Result> results = new ArrayList<>();
    for (PoolPick.Kind kind : PoolPick.Kind.values()) {
      PoolPick small = new PoolPick(kind, FEW);
      PoolPick large = new PoolPick(kind, MANY);
      List<Double> measured = new ArrayList<>();
      List<Double> baseline = new ArrayList<>();
      for (int round = -2; round < ROUNDS; round++) {
        double against = micros(small);
        double of = micros(large);
        if (round >= 0) {
          measured.add(of);
          baseline.add(against);
        }
      }
      results.add(new Result("a pick from memory, " + kind.told(), "µs", measured, baseline));
    }
    return results;
  }

  private static double micros(PoolPick pool) {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < PICKS; i++) {
      long begun = System.nanoTime();
      pool.pick(i);
      times.add((System.nanoTime() - begun) / 1e3);
    }
    return Result.median(times);
  }
}
