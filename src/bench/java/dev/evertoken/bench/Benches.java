package dev.evertoken.bench;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * On a cluster of three nodes, how long after the answer to whoever benched an account each of the
 * two others withholds its token, against the time of a plain call: nobody can see it sooner.
 */
final class Benches implements Figure {

  private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);

  /** Benches of a round. */
  private static final int COUNT = Integer.getInteger("bench.count", 200);

  private static final int WARM_UP = 100;

  @Override
  public List<Result> measure(Path folder) throws Exception {
    try (Stand stand = new Stand(folder);
        Asker asker = new Asker()) {
      stand.clustered().set("refresh.background", "false");
      List<String> nodes = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        nodes.add(stand.process().url());
      }
      List<Long> accounts =
          stand.accounts(
              nodes.getFirst(), WARM_UP + COUNT * ROUNDS, "benched", Duration.ofMinutes(50));
      plain(asker, nodes, accounts);
      seen(asker, nodes, accounts.subList(0, WARM_UP));
      List<List<Double>> benched = new ArrayList<>();
      List<List<Double>> plain = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        int from = WARM_UP + round * COUNT;
        List<Long> some = accounts.subList(from, from + COUNT);
        plain.add(plain(asker, nodes, some));
        benched.add(seen(asker, nodes, some));
      }
      return List.of(
          result("p50 until a bench holds on the other two nodes ÷ of a call", 50, benched, plain),
          result("p99 of that ÷ of a call", 99, benched, plain));
    }
  }

  private static Result result(
      String figure, int percent, List<List<Double>> benched, List<List<Double>> plain) {
    return new Result(
        figure,
        "ms",
        benched.stream().map(times -> Times.percentile(times, percent)).toList(),
        plain.stream().map(times -> Times.percentile(times, percent)).toList());
  }

  /** Also makes sure that every node has a copy in its memory. */
  private static List<Double> plain(Asker asker, List<String> nodes, List<Long> accounts)
      throws Exception {
    List<Double> times = new ArrayList<>();
    for (long account : accounts) {
      for (String node : nodes) {
        long begun = System.nanoTime();
        Stand.within(asker.token(node, account));
        times.add(since(begun));
      }
    }
    return times.stream().sorted().toList();
  }

  private static List<Double> seen(Asker asker, List<String> nodes, List<Long> accounts)
      throws Exception {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < accounts.size(); i++) {
      long account = accounts.get(i);
      Stand.within(asker.bench(nodes.get(i % 3), account));
      long set = System.nanoTime();
      var one = withheld(asker, nodes.get((i + 1) % 3), account, set);
      var other = withheld(asker, nodes.get((i + 2) % 3), account, set);
      times.add(one.await(20, TimeUnit.SECONDS));
      times.add(other.await(20, TimeUnit.SECONDS));
    }
    return times.stream().sorted().toList();
  }

  private static Future<Double> withheld(Asker asker, String node, long account, long set) {
    return asker
        .status(node, account, "")
        .compose(
            status ->
                status == 200
                    ? withheld(asker, node, account, set)
                    : Future.succeededFuture(since(set)));
  }

  private static double since(long begun) {
    return (System.nanoTime() - begun) / 1e6;
  }
}
