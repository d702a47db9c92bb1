package dev.evertoken.bench;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A thousand callers on three nodes at the moment at which a token has expired. */
final class Expiry implements Figure {

  private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
  private static final int CALLERS = Integer.getInteger("bench.count", 1_000);
  private static final Duration DELAY = Duration.ofSeconds(1);

  @Override
  public List<Result> measure(Path folder) throws Exception {
    try (Stand stand = new Stand(folder);
        Asker asker = new Asker()) {
      stand.clustered().set("refresh.background", "false");
      List<String> nodes = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        nodes.add(stand.process().url());
      }
      stand.provider().delay(DELAY);
      // The first is the warm-up of connections and compilers.
      expire(stand, nodes, asker);
      List<Double> waits = new ArrayList<>();
      List<Double> calls = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        Round one = expire(stand, nodes, asker);
        waits.add(one.p99);
        calls.add((double) one.calls);
      }
      double delay = DELAY.toMillis();
      return List.of(
          new Result(
              "p99 of the wait of %d callers on three nodes at expiry ÷ the provider's delay"
                  .formatted(CALLERS),
              "ms",
              waits,
              Collections.nCopies(ROUNDS, delay)),
          new Result(
              "calls of the provider for that", "calls", calls, Collections.nCopies(ROUNDS, 1.0)));
    }
  }

  private record Round(double p99, int calls) {}

  private static Round expire(Stand stand, List<String> nodes, Asker asker) throws Exception {
    JsonObject family = stand.provider().family();
    long account = stand.account(nodes.getFirst(), family, Duration.ofMinutes(-1));
    List<Double> waits =
        Times.atOnce(asker.vertx(), CALLERS, i -> asker.token(nodes.get(i % 3), account));
    return new Round(
        Times.percentile(waits, 99), stand.provider().presentations(family.getString("family")));
  }
}
