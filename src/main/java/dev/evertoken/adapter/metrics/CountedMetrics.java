package dev.evertoken.adapter.metrics;

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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

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
  private final Map<String, Answers> answers = new ConcurrentHashMap<>();
  private final Map<ProblemCode, Counter> failures = new ConcurrentHashMap<>();
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
    Answers known = answers.get(platform);
    (known == null ? answers.computeIfAbsent(platform, this::answers) : known).count(source, state);
  }

  /** The answers of one platform, each kind at a place of its own. */
  private static final class Answers {

    private static final int STATES = TokenState.values().length;

    private final AtomicReferenceArray<@Nullable Counter> kinds =
        new AtomicReferenceArray<>(TokenSource.values().length * STATES);
    private final MeterRegistry registry;
    private final String platform;

    Answers(MeterRegistry registry, String platform) {
      this.registry = registry;
      this.platform = platform;
    }

    void count(TokenSource source, TokenState state) {
      int place = source.ordinal() * STATES + state.ordinal();
      Counter known = kinds.get(place);
      if (known == null) {
        // Twice at once is no harm: the registry gives both the same counter.
        known = counter(source, state);
        kinds.set(place, known);
      }
      known.increment();
    }

    private Counter counter(TokenSource source, TokenState state) {
      return Counter.builder("evertoken.token.answers")
          .description("Token answers")
          .tag("platform", platform)
          .tag("source", WireName.of(source))
          .tag("state", WireName.of(state))
          .register(registry);
    }
  }

  @Override
  public void tokenFailed(ProblemCode code) {
    failures.computeIfAbsent(code, this::failures).increment();
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

  private Answers answers(String platform) {
    return new Answers(registry, platform);
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
