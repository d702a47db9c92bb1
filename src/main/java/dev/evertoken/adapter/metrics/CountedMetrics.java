package dev.evertoken.adapter.metrics;

import static java.util.Objects.requireNonNull;

import dev.evertoken.domain.KeyRefusal;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.TokenSource;
import dev.evertoken.domain.TokenState;
import dev.evertoken.domain.Trigger;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.Metrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts answers and refreshes; each meter is looked up once, as a lookup costs more than a count.
 */
final class CountedMetrics implements Metrics {

  private static final Duration[] BUCKETS = {
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30)
  };

  private record Refreshed(String platform, RefreshClass result, Trigger trigger) {}

  private final MeterRegistry registry;
  private final Map<String, Map<TokenSource, Map<TokenState, Counter>>> answers =
      new ConcurrentHashMap<>();
  private final Map<ProblemCode, Counter> failures = new ConcurrentHashMap<>();
  private final Map<KeyRefusal, Counter> refusals = new ConcurrentHashMap<>();
  private final Map<Refreshed, Counter> refreshes = new ConcurrentHashMap<>();
  private final Map<String, Timer> durations = new ConcurrentHashMap<>();
  private final Timer cycles;
  private final Counter taken;
  private final Counter putOff;

  CountedMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.cycles =
        Timer.builder("evertoken.background.cycle")
            .description("Stretches of background work, and how long they took")
            .register(registry);
    this.taken =
        Counter.builder("evertoken.background.taken")
            .description("Due accounts that the background of this node took in hand")
            .register(registry);
    this.putOff =
        Counter.builder("evertoken.background.put.off")
            .description("Those of them that wait for their route")
            .register(registry);
  }

  @Override
  public void tokenAnswered(String platform, TokenSource source, TokenState state) {
    // Asked first, as computeIfAbsent may lock although it is there.
    var known = answers.get(platform);
    var kinds = known == null ? answers.computeIfAbsent(platform, this::answers) : known;
    // Every kind is there.
    requireNonNull(requireNonNull(kinds.get(source)).get(state)).increment();
  }

  @Override
  public void tokenFailed(ProblemCode code) {
    failures.computeIfAbsent(code, this::failures).increment();
  }

  @Override
  public void keyRefused(KeyRefusal why) {
    refusals.computeIfAbsent(why, this::refusals).increment();
  }

  private Counter refusals(KeyRefusal why) {
    return Counter.builder("evertoken.auth.failures")
        .description("Calls that were refused for their API key")
        .tag("reason", WireName.of(why))
        .register(registry);
  }

  @Override
  public void refreshed(String platform, RefreshClass result, Trigger trigger, Duration took) {
    refreshes
        .computeIfAbsent(new Refreshed(platform, result, trigger), this::refreshes)
        .increment();
    durations.computeIfAbsent(platform, this::durations).record(took);
  }

  @Override
  public void backgroundCycle(int accounts, int waiting, Duration took) {
    cycles.record(took);
    taken.increment(accounts);
    putOff.increment(waiting);
  }

  @Override
  public void tidied(String kind, int rows) {
    Counter.builder("evertoken.tidied")
        .description("Rows that nobody needed any more")
        .tag("kind", kind)
        .register(registry)
        .increment(rows);
  }

  @Override
  public void answerUnreadable(String platform) {
    Counter.builder("evertoken.answers.unreadable")
        .description("Answers that the escrow keeps because nobody can read them")
        .tag("platform", platform)
        .register(registry)
        .increment();
  }

  @Override
  public void unlikeTemplate(String platform, String kind) {
    Counter.builder("evertoken.provider.unlike.template")
        .description("Answers that differ from the platform's template")
        .tag("platform", platform)
        .tag("kind", kind)
        .register(registry)
        .increment();
  }

  /** All kinds of answers of a platform. */
  private Map<TokenSource, Map<TokenState, Counter>> answers(String platform) {
    Map<TokenSource, Map<TokenState, Counter>> kinds = new EnumMap<>(TokenSource.class);
    for (TokenSource source : TokenSource.values()) {
      Map<TokenState, Counter> states = new EnumMap<>(TokenState.class);
      for (TokenState state : TokenState.values()) {
        states.put(state, answers(platform, source, state));
      }
      kinds.put(source, states);
    }
    return kinds;
  }

  private Counter answers(String platform, TokenSource source, TokenState state) {
    return Counter.builder("evertoken.token.answers")
        .description("Token answers")
        .tag("platform", platform)
        .tag("source", WireName.of(source))
        .tag("state", WireName.of(state))
        .register(registry);
  }

  private Counter failures(ProblemCode code) {
    return Counter.builder("evertoken.token.failures")
        .description("Token requests that were refused")
        .tag("code", code.code())
        .register(registry);
  }

  private Counter refreshes(Refreshed kind) {
    return Counter.builder("evertoken.refreshes")
        .description("Refreshes that have ended")
        .tag("platform", kind.platform())
        .tag("class", WireName.of(kind.result()))
        .tag("trigger", WireName.of(kind.trigger()))
        .register(registry);
  }

  private Timer durations(String platform) {
    return Timer.builder("evertoken.refresh")
        .description("How long refreshes took")
        .tag("platform", platform)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
