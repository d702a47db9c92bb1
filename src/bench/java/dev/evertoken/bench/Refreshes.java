package dev.evertoken.bench;

import dev.evertoken.rig.ServiceProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Refreshes a second by the background of one warm node, 64 at once, with a provider that takes 100
 * ms, against 64 ÷ 100 ms, or against half of what this PostgreSQL commits a second, as a refresh
 * commits twice, where that is less.
 */
final class Refreshes implements Figure {

  private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
  private static final Duration EACH = Duration.ofSeconds(Integer.getInteger("bench.seconds", 8));

  /** Refreshes of a round. */
  private static final int COUNT = Integer.getInteger("bench.count", 2_000);

  /** Rounds that belong to the JVM's compiler. */
  private static final int WARM_UP = 10;

  private static final int AT_ONCE = 64;
  private static final Duration DELAY = Duration.ofMillis(100);
  private static final double IDEAL = AT_ONCE * 1000.0 / DELAY.toMillis();
  private static final double PROVIDER_AT_LEAST = 1_500;

  @Override
  public List<Result> measure(Path folder) throws Exception {
    try (Stand stand =
            new Stand(folder, "limits: {concurrency: " + AT_ONCE + ", per_second: 100000}");
        Connection sql = stand.sql()) {
      prepare(stand);
      stand.provider().delay(DELAY);
      List<Double> provider = provider(stand);
      Commits commits = new Commits(stand);
      List<Double> committed = new ArrayList<>(List.of(commits.perSecond(EACH)));
      List<Round> rounds = rounds(stand, sql);
      committed.add(commits.perSecond(EACH));
      List<Result> results = new ArrayList<>(results(rounds, committed, provider));
      results.addAll(costs(rounds));
      return results;
    }
  }

  /** All due, by a node that refreshes none; the last quarter of a round is never measured. */
  private static void prepare(Stand stand) throws Exception {
    stand.set("refresh.background", "false");
    try (ServiceProcess node = stand.process()) {
      int accounts = COUNT * (WARM_UP + ROUNDS) + COUNT / 4 + AT_ONCE;
      stand.accounts(node.url(), accounts, "due", Duration.ofHours(-1));
    }
    stand.set("refresh.background", "true");
  }

  private static List<Double> provider(Stand stand) throws Exception {
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      rates.add(stand.provider().callsPerSecond(EACH, stand.folder()));
    }
    if (Result.median(rates) < PROVIDER_AT_LEAST) {
      throw new IllegalStateException("The provider itself answers only " + rates + "/s");
    }
    return rates;
  }

  private record Round(double perSecond, CpuTime spent, int refreshed) {

    double micros(Duration part) {
      return part.toNanos() / 1e3 / refreshed;
    }
  }

  private static List<Round> rounds(Stand stand, Connection sql) throws Exception {
    List<Round> rounds = new ArrayList<>();
    try (ServiceProcess node = stand.process()) {
      Progress last = reached(node, sql, COUNT * WARM_UP);
      for (int round = 1; round <= ROUNDS; round++) {
        CpuTime before = CpuTime.of(stand, node);
        Progress next = reached(node, sql, COUNT * (WARM_UP + round));
        int refreshed = next.refreshed - last.refreshed;
        double seconds = (next.nanos - last.nanos) / 1e9;
        rounds.add(
            new Round(refreshed / seconds, CpuTime.of(stand, node).since(before), refreshed));
        last = next;
      }
    }
    return rounds;
  }

  private static List<Result> costs(List<Round> rounds) {
    return List.of(
        cost("the node", rounds, r -> r.micros(r.spent.node())),
        cost("PostgreSQL", rounds, r -> r.micros(r.spent.postgres())),
        cost("Redis", rounds, r -> r.micros(r.spent.redis())));
  }

  private static Result cost(String part, List<Round> rounds, ToDoubleFunction<Round> micros) {
    String figure = "processor time of " + part + " for a refresh";
    return new Result(
        figure, "µs", rounds.stream().mapToDouble(micros).boxed().toList(), List.of());
  }

  private record Progress(int refreshed, long nanos) {}

  private static Progress reached(ServiceProcess node, Connection sql, int refreshed)
      throws Exception {
    while (node.isAlive()) {
      Progress now = progress(sql);
      if (now.refreshed >= refreshed) {
        return now;
      }
      Thread.sleep(200);
    }
    throw new IllegalStateException("The node has ended:\n" + node.log());
  }

  private static Progress progress(Connection sql) throws SQLException {
    try (Statement statement = sql.createStatement();
        ResultSet rows =
            statement.executeQuery("select count(*) from accounts where expires_at > now()")) {
      rows.next();
      return new Progress(rows.getInt(1), System.nanoTime());
    }
  }

  private static List<Result> results(
      List<Round> rounds, List<Double> committed, List<Double> provider) {
    List<Double> rates = rounds.stream().map(Round::perSecond).toList();
    double half = Result.median(committed) / 2;
    String bar = half < IDEAL ? "half of PostgreSQL's commits" : "64 at once ÷ 100 ms";
    List<Double> bars = Collections.nCopies(rates.size(), Math.min(half, IDEAL));
    return List.of(
        new Result("refreshes a second of a warm node ÷ " + bar, "refreshes/s", rates, bars),
        new Result(
            "PostgreSQL, 8 connections, before and after", "commits/s", committed, List.of()),
        new Result("the provider at the most, 256 callers", "calls/s", provider, List.of()));
  }
}
