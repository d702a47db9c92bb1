package dev.evertoken.app;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.app.refresh.Refresher;
import dev.evertoken.app.route.PlatformPermits;
import dev.evertoken.app.route.UpstreamHealth;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.Metrics;
import dev.evertoken.port.Nodes;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.Scheduler;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes what falls due before anybody asks (semantics, section 4): reserves due accounts in
 * pages, hands each to the {@link Refresher}, probes what is suspended, and sleeps until the next
 * account or probe is due. Accounts whose way is suspended cost nothing meanwhile: they are neither
 * reserved nor tried, and fall due at once when it is back.
 */
public final class BackgroundRefresh {

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundRefresh.class);
  private static final Duration RESERVATION = Duration.ofSeconds(30);
  private static final Duration SHORTEST_SLEEP = Duration.ofMillis(200);
  private static final Duration SHORT_SLEEP = Duration.ofSeconds(1);
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  /** What the background works with. */
  record Work(
      RefreshClaims claims,
      Refresher refresher,
      UpstreamHealth health,
      Nodes nodes,
      InFlightLimits inFlight) {}

  private final Scheduler scheduler;
  private final Time time;
  private final Work work;
  private final Duration scanInterval;
  private final CycleTally tally;
  private final List<String> platforms;

  /** Platforms whose last page came full: more of theirs is due. */
  private final Set<String> plenty = ConcurrentHashMap.newKeySet();

  private long timer = -1;
  private Instant wakeAt = Instant.MAX;
  private boolean pumping;
  private boolean again;
  private boolean running;

  BackgroundRefresh(
      Scheduler scheduler,
      Time time,
      Work work,
      List<String> platforms,
      Metrics metrics,
      Duration scanInterval) {
    this.scheduler = scheduler;
    this.time = time;
    this.work = work;
    this.platforms = List.copyOf(platforms);
    this.scanInterval = scanInterval;
    this.tally = new CycleTally(LOG, metrics, time);
  }

  /** The background of those platforms, following what changes. */
  static BackgroundRefresh of(
      CorePorts ports,
      CoreSettings settings,
      Refresher refresher,
      UpstreamHealth health,
      PlatformPermits permits,
      Announcements announcements) {
    List<Platform> usable = usable(ports.platforms());
    InFlightLimits inFlight =
        new InFlightLimits(usable, platform -> permits.ahead(platform, RESERVATION));
    BackgroundRefresh background =
        new BackgroundRefresh(
            ports.scheduler(),
            ports.time(),
            new Work(ports.claims(), refresher, health, ports.nodes(), inFlight),
            usable.stream().map(Platform::name).toList(),
            ports.metrics(),
            settings.scanInterval());
    announcements.watch(background::changed, id -> {});
    health.watch(() -> background.wake(AT_ONCE));
    return background;
  }

  private static List<Platform> usable(Platforms platforms) {
    return platforms.all().stream().filter(Platform::configured).toList();
  }

  /** Begins as soon as the other nodes leave this one its part of the limits. */
  public synchronized void start() {
    running = true;
    work.nodes().known().onComplete(known -> sleep(AT_ONCE));
  }

  /** Starts nothing more; what runs is the {@link Refresher}'s to finish. */
  public synchronized void stop() {
    running = false;
    scheduler.cancel(timer);
  }

  private void pump() {
    synchronized (this) {
      if (!running || pumping) {
        return;
      }
      pumping = true;
      again = false;
    }
    work.health().toProbe().forEach(work.refresher()::probe);
    Map<String, Integer> room = work.inFlight().room();
    reserve(room)
        .onSuccess(accounts -> accounts.forEach(this::begin))
        .compose(accounts -> next(accounts, room))
        .otherwise(SHORT_SLEEP)
        .onComplete(pause -> pumped(pause.result()));
  }

  private Future<List<Account>> reserve(Map<String, Integer> room) {
    return room.isEmpty()
        ? Future.succeededFuture(List.of())
        : work.claims().reserveDue(room, RESERVATION, work.health().suspensions());
  }

  /** How long to sleep: hardly while pages come full, else until the next account is due. */
  private Future<Duration> next(List<Account> page, Map<String, Integer> room) {
    Map<String, Integer> came = new HashMap<>();
    page.forEach(account -> came.merge(account.platform(), 1, Integer::sum));
    room.forEach((platform, asked) -> isPlenty(platform, came.getOrDefault(platform, 0) >= asked));
    boolean full = room.keySet().stream().anyMatch(plenty::contains);
    return full
        ? Future.succeededFuture(SHORTEST_SLEEP)
        : work.claims().nextDue(platforms, work.health().suspensions()).map(this::untilDue);
  }

  private void isPlenty(String platform, boolean more) {
    if (more) {
      plenty.add(platform);
    } else {
      plenty.remove(platform);
    }
  }

  private Duration untilDue(Optional<Instant> due) {
    Duration wait = due.map(this::until).orElse(scanInterval);
    Duration probe = work.health().nextProbe().map(this::untilProbe).orElse(scanInterval);
    return Stream.of(scanInterval, longer(wait, SHORT_SLEEP), probe)
        .min(Duration::compareTo)
        .orElseThrow();
  }

  /** One that is due and not begun is another node's, or nobody can take it. */
  private Duration untilProbe(Instant at) {
    Duration wait = until(at);
    return wait.isPositive() ? longer(wait, SHORTEST_SLEEP) : SHORT_SLEEP;
  }

  private Duration until(Instant at) {
    return Duration.between(time.instant(), at);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private void pumped(Duration pause) {
    boolean soon;
    synchronized (this) {
      pumping = false;
      soon = again;
    }
    sleep(soon ? AT_ONCE : pause);
  }

  private synchronized void sleep(Duration pause) {
    scheduler.cancel(timer);
    if (running) {
      wakeAt = time.instant().plus(pause);
      timer = scheduler.after(pause, this::pump);
    }
  }

  private void begin(Account account) {
    work.inFlight().take(account.platform());
    tally.taken();
    work.refresher()
        .refresh(account, Trigger.BACKGROUND)
        .onSuccess(tally::ended)
        .onComplete(done -> handBack(account.platform()));
  }

  private void handBack(String platform) {
    boolean room = work.inFlight().giveBack(platform);
    if (work.inFlight().isEmpty()) {
      tally.over();
    }
    if (room && plenty.contains(platform)) {
      wake(AT_ONCE);
    }
  }

  /** An account that falls due before this node would wake up wakes it. */
  private void changed(Account row) {
    Instant due = row.credentials().refreshDueAt();
    if (due != null) {
      wake(longer(until(due), SHORTEST_SLEEP));
    }
  }

  /** A change that comes while a page is read is looked at after it. */
  private synchronized void wake(Duration pause) {
    if (pumping) {
      again |= pause.equals(AT_ONCE);
    } else if (running && time.instant().plus(pause).isBefore(wakeAt)) {
      sleep(pause);
    }
  }
}
