package dev.evertoken.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the JMH benchmarks of {@link WarmRead}. */
final class InProcess implements Figure {

  @Override
  public List<Result> measure(Path folder) throws Exception {
    System.setProperty("bench.folder", folder.toAbsolutePath().toString());
    Collection<RunResult> runs =
        new Runner(
                new OptionsBuilder()
                    .include(WarmRead.class.getName())
                    .jvmArgsAppend(
                        "-Dbench.folder=" + folder.toAbsolutePath(),
                        "--sun-misc-unsafe-memory-access=allow")
                    .forks(1)
                    .warmupIterations(3)
                    .warmupTime(TimeValue.seconds(3))
                    .measurementIterations(5)
                    .measurementTime(TimeValue.seconds(3))
                    .build())
            .run();
    List<Double> google = rounds(runs, "googleAuth");
    List<Result> results = new ArrayList<>();
    results.add(
        new Result("in-process read ÷ google-auth's", "ns", rounds(runs, "evertoken"), google));
    results.add(new Result("check of a known API key", "ns", rounds(runs, "keyCheck"), List.of()));
    results.add(new Result("answer in JSON, rendered", "ns", rounds(runs, "json"), List.of()));
    return results;
  }

  private static List<Double> rounds(Collection<RunResult> runs, String name) {
    List<Double> rounds = new ArrayList<>();
    for (RunResult run : runs) {
      if (run.getParams().getBenchmark().endsWith("." + name)) {
        run.getBenchmarkResults()
            .forEach(
                fork ->
                    fork.getIterationResults()
                        .forEach(round -> rounds.add(round.getPrimaryResult().getScore())));
      }
    }
    return rounds;
  }
}
