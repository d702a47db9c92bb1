package dev.evertoken.bench;

import dev.evertoken.rig.ServiceProcess;
import dev.evertoken.rig.SynBlackHole;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The p99 of healthy accounts while a hundred accounts behind a proxy that answers nobody are asked
 * for, each again as soon as it is answered but not twice a second, against the p99 while nobody
 * asks for them: of tokens that are there, and of tokens that must be refreshed first.
 */
final class Isolation implements Figure {

  private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
  private static final Duration EACH = Duration.ofSeconds(Integer.getInteger("bench.seconds", 8));
  private static final int HUNG = 100;
  private static final int WARM = 50;
  private static final int WARM_RATE = 400;
  private static final int REFRESH_RATE = 40;
  private static final Duration DELAY = Duration.ofMillis(50);
  private static final long PAUSE = 500;

  /** They hang for longer than a round lasts. */
  private static final String PLATFORM =
      """
      limits: {concurrency: 16, per_second: 100000},
      refresh: {connect_timeout: 60s, total_timeout: 60s}\
      """;

  /** The p99 of both kinds in one condition, in milliseconds. */
  private record Healthy(double warm, double refreshed) {}

  @Override
  public List<Result> measure(Path folder) throws Exception {
    try (Stand stand = new Stand(folder, PLATFORM);
        SynBlackHole hole = SynBlackHole.open();
        Asker asker = new Asker()) {
      stand.set("refresh.background", "false");
      ServiceProcess node = stand.process();
      stand.provider().delay(DELAY);
      Run run = new Run(stand, node.url(), asker, hole.port());
      run.healthy();
      return run.rounds();
    }
  }

  private static final class Run {
    private final Stand stand;
    private final String node;
    private final Asker asker;
    private final int hole;
    private final List<Long> warm;
    private final Queue<Long> expired;

    Run(Stand stand, String node, Asker asker, int hole) throws Exception {
      this.stand = stand;
      this.node = node;
      this.asker = asker;
      this.hole = hole;
      this.warm = stand.accounts(node, WARM, "warm", Duration.ofMinutes(50));
      int refreshes = Math.toIntExact(REFRESH_RATE * EACH.toSeconds() * (2 * ROUNDS + 1));
      this.expired =
          new ConcurrentLinkedQueue<>(
              stand.accounts(node, refreshes, "expired", Duration.ofHours(-1)));
    }

    List<Result> rounds() throws Exception {
      List<Healthy> none = new ArrayList<>();
      List<Healthy> with = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        Queue<Long> hung = hung();
        none.add(healthy());
        AtomicBoolean over = new AtomicBoolean();
        hung.forEach(account -> keepAsking(account, over));
        with.add(healthy());
        over.set(true);
      }
      return List.of(
          new Result(
              "p99 of tokens that are there, 100 accounts hung ÷ none",
              "ms",
              with.stream().map(Healthy::warm).toList(),
              none.stream().map(Healthy::warm).toList()),
          new Result(
              "p99 of tokens refreshed first (provider of 50 ms), 100 accounts hung ÷ none",
              "ms",
              with.stream().map(Healthy::refreshed).toList(),
              none.stream().map(Healthy::refreshed).toList()));
    }

    /** Each time on a new proxy, as the last one is suspended by now. */
    private Queue<Long> hung() throws Exception {
      JsonObject proxy =
          new JsonObject().put("name", "hole").put("url", "http://127.0.0.1:" + hole);
      long id = stand.post(node + "/v1/proxies", proxy).getLong("id");
      Queue<Long> accounts = new ArrayDeque<>();
      for (int i = 0; i < HUNG; i++) {
        JsonObject behind = new JsonObject().put("proxy_id", id);
        accounts.add(stand.account(node, Duration.ofHours(-1), behind));
      }
      return accounts;
    }

    private void keepAsking(long account, AtomicBoolean over) {
      if (!over.get()) {
        asker
            .status(node, account, "?max_wait_ms=6000")
            .onComplete(
                answer -> asker.vertx().setTimer(PAUSE, again -> keepAsking(account, over)));
      }
    }

    private Healthy healthy() throws Exception {
      List<Double> there =
          Times.of(
              asker.vertx(), WARM_RATE, EACH, i -> asker.token(node, warm.get(i % warm.size())));
      List<Double> refreshed =
          Times.of(
              asker.vertx(),
              REFRESH_RATE,
              EACH,
              i -> asker.token(node, Objects.requireNonNull(expired.poll())));
      return new Healthy(Times.percentile(there, 99), Times.percentile(refreshed, 99));
    }
  }
}
