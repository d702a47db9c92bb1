package dev.evertoken.chaos;

import dev.evertoken.dev.Presentation;
import dev.evertoken.rig.Await;
import dev.evertoken.scenario.Answer;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One run under random faults: three nodes, strictly rotating grants with reuse detection, callers
 * and operators that never stop, and the provider's ledger as oracle.
 */
final class ChaosRun {

  /**
   * What to run.
   *
   * @param seed of the faults and of what callers do
   * @param rotations it goes on until so many refresh tokens were spent for new ones
   * @param strikes and until so many things were done
   * @param patience or, with fewer things, so much time has gone by
   * @param accounts how many take part
   * @param classes stand before those of the service, or null
   */
  record Plan(
      long seed,
      int rotations,
      int strikes,
      Duration patience,
      int accounts,
      @Nullable Path classes) {}

  /** How it ended; {@code wrong} is what nothing excuses. */
  record Verdict(List<String> wrong, JsonObject report) {}

  private static final int MOST_TOLD = 10;
  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final Duration LIFETIME = Duration.ofSeconds(60);

  private final Plan plan;
  private final Nodes nodes;
  private final Excuses excuses = new Excuses();
  private final Random random;
  private final long begun = System.nanoTime();
  private final List<Long> recoveries = new ArrayList<>();
  private int authorisedAgain;

  private ChaosRun(Plan plan, Nodes nodes) {
    this.plan = plan;
    this.nodes = nodes;
    this.random = new Random(plan.seed());
  }

  /** Runs it; ends early where something is wrong. */
  static Verdict of(Plan plan) {
    System.out.println("chaos seed " + plan.seed());
    FailPointMix mix = new FailPointMix(new Random(plan.seed()));
    try (Nodes nodes = Nodes.start(plan.classes(), mix::delays)) {
      Verdict verdict = new ChaosRun(plan, nodes).run();
      System.out.println("chaos " + verdict.report().encode());
      verdict.wrong().stream().limit(MOST_TOLD).forEach(System.out::println);
      return verdict;
    }
  }

  private Verdict run() {
    nodes.provider().switches().change(b -> b.lifetime(LIFETIME).delay(Duration.ofMillis(30)));
    Accounts accounts = new Accounts(nodes, plan.accounts());
    Oracle oracle = new Oracle(nodes, accounts, excuses);
    Nemesis nemesis = new Nemesis(nodes, accounts, excuses, oracle, plan.seed());
    List<Leftovers.Held> before = restBefore(accounts);
    try (CacheWatch _ = new CacheWatch(nodes, accounts, oracle)) {
      try (Callers callers = new Callers(nodes, accounts, oracle, plan.seed())) {
        step(nemesis::strikeFirst, oracle, callers, accounts);
        while (oracle.wrong().isEmpty() && !enough(oracle)) {
          step(nemesis::strike, oracle, callers, accounts);
        }
        nodes.provider().switches().change(b -> b.lifetime(Duration.ofHours(1)));
      }
      if (oracle.wrong().isEmpty()) {
        rest(accounts, oracle, before);
      }
    }
    JsonObject report = report(nemesis, oracle, Duration.ofNanos(System.nanoTime() - begun));
    return new Verdict(oracle.wrong(), report);
  }

  /** Everything has been asked for once on every node. */
  private List<Leftovers.Held> restBefore(Accounts accounts) {
    for (long id : accounts.ids()) {
      for (int node = 0; node < Nodes.COUNT; node++) {
        nodes.talk(node).within(Duration.ofMinutes(1)).token(id);
      }
    }
    Leftovers leftovers = new Leftovers(nodes);
    return IntStream.range(0, Nodes.COUNT).mapToObj(leftovers::of).toList();
  }

  private boolean enough(Oracle oracle) {
    boolean struck =
        recoveries.size() >= plan.strikes()
            || System.nanoTime() - begun > plan.patience().toNanos();
    return struck && oracle.rotations() >= plan.rotations();
  }

  private void step(Supplier<String> strike, Oracle oracle, Callers callers, Accounts accounts) {
    long struck = System.nanoTime();
    String what = strike.get();
    long healed = System.nanoTime();
    Await.until(
        () -> "every node refreshes again after " + what,
        () -> IntStream.range(0, Nodes.COUNT).allMatch(node -> refreshes(accounts, node)),
        Duration.ofMinutes(3));
    recoveries.add(Duration.ofNanos(System.nanoTime() - healed).toMillis());
    authorisedAgain += callers.authoriseTheLost(random.nextInt(Nodes.COUNT));
    oracle.look();
    System.out.printf(
        "chaos %d rotations, %s, lasted %d ms, recovered in %d ms%n",
        oracle.rotations(),
        what,
        Duration.ofNanos(healed - struck).toMillis(),
        recoveries.getLast());
  }

  private boolean refreshes(Accounts accounts, int node) {
    long id = accounts.ids().get(random.nextInt(accounts.ids().size()));
    try {
      return nodes.talk(node).post("/v1/accounts/" + id + "/refresh", new JsonObject()).status()
          == 200;
    } catch (UncheckedIOException away) {
      return false;
    }
  }

  /**
   * The last of the run: every account can refresh, twice, so that what is stored is what the
   * provider takes; or it says why not.
   */
  private void rest(Accounts accounts, Oracle oracle, List<Leftovers.Held> before) {
    oracle.look();
    accounts.ids().parallelStream().forEach(id -> settle(id, accounts, oracle));
    oracle.checkSingle();
    if (oracle.wrong().isEmpty()) {
      new Leftovers(nodes).afterAll(before).forEach(left -> oracle.accuse("left behind: " + left));
    }
  }

  private void settle(long id, Accounts accounts, Oracle oracle) {
    Await.until("account " + id + " comes to rest", () -> rests(id), Duration.ofMinutes(3));
    if (isLost(id)) {
      oracle.checkError(nodes.talk(0).account(id));
      return;
    }
    Answer again = nodes.talk(1).within(PATIENT).post("/v1/accounts/" + id + "/refresh", null);
    List<Presentation> last =
        accounts.given(id).stream()
            .flatMap(g -> nodes.provider().ledger().presentations(g.family()).stream())
            .sorted(Comparator.comparingLong(Presentation::number))
            .toList();
    if (again.status() != 200 || last.getLast().outcome() != Presentation.Outcome.ROTATED) {
      oracle.accuse("account " + id + " has not the live token: " + again.body() + last.getLast());
    }
  }

  /** Forced, since all nodes are back: what may be spent, or was answered unreadably, is tried. */
  private boolean rests(long id) {
    Answer answer =
        nodes.talk(0).within(PATIENT).post("/v1/accounts/" + id + "/refresh?force=true", null);
    return answer.status() == 200 || isLost(id);
  }

  private boolean isLost(long id) {
    return nodes.talk(0).account(id).getString("status").equals("error");
  }

  private JsonObject report(Nemesis nemesis, Oracle oracle, Duration took) {
    List<Long> sorted = recoveries.stream().sorted().toList();
    JsonObject faults = new JsonObject();
    nemesis.done().forEach(faults::put);
    JsonObject excused = new JsonObject();
    oracle.excused().forEach(excused::put);
    return new JsonObject()
        .put("seed", plan.seed())
        .put("seconds", took.toSeconds())
        .put("accounts", plan.accounts())
        .put("rotations", oracle.rotations())
        .put("token_answers_checked", oracle.checked())
        .put("faults", faults)
        .put("wrong", oracle.wrong().size())
        .put("answers_destroyed", excused)
        .put("outcome_unknown", logged("\"class\":\"outcome_unknown\""))
        .put("claims_lapsed", logged("claim_lapsed"))
        .put("escrow_replayed", logged("\"replayed\""))
        .put("answers_superseded", logged("answer_superseded"))
        .put("authorised_again_after_loss", authorisedAgain)
        .put("recovery_ms_median", part(sorted, 50))
        .put("recovery_ms_p95", part(sorted, 95))
        .put("recovery_ms_max", part(sorted, 100));
  }

  private long logged(String words) {
    return IntStream.range(0, Nodes.COUNT)
        .mapToLong(node -> nodes.node(node).log().lines().filter(l -> l.contains(words)).count())
        .sum();
  }

  private static long part(List<Long> sorted, int percent) {
    return sorted.isEmpty() ? 0 : sorted.get((sorted.size() - 1) * percent / 100);
  }
}
