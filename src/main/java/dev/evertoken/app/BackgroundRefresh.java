package dev.evertoken.app;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.Metrics;
import dev.evertoken.port.Nodes;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
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
 * pages, hands each to the {@link Refresher}, and sleeps until the next one is due. Its own calls
 * come from one context.
 */
public final class BackgroundRefresh {

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundRefresh.class);

  private static final Duration RESERVATION = Duration.ofSeconds(30);
  private static final Duration SHORTEST_SLEEP = Duration.ofMillis(200);
  private static final Duration SHORT_SLEEP = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final RefreshClaims claims;
  private final Refresher refresher;
  private final Nodes nodes;
  private final Hands hands;
  private final Parked parked;
  private final Time time;
  private final Duration scanInterval;
  private final CycleTally tally;
  private final List<String> platforms;

  /** Platforms whose last page came full: more of theirs is due. */
  private final Set<String> plenty = ConcurrentHashMap.newKeySet();

  private long timer = -1;
  private Instant wakeAt = Instant.MAX;
  private boolean pumping;
  private boolean running;

  BackgroundRefresh(
      Vertx vertx,
      Platforms platforms,
      RefreshClaims claims,
      Refresher refresher,
      Shares shares,
      Routes routes,
      Announcements announcements,
      Nodes nodes,
      Metrics metrics,
      Time time,
      Duration scanInterval) {
    List<Platform> usable = platforms.all().stream().filter(Platform::configured).toList();
    this.vertx = vertx;
    this.claims = claims;
    this.refresher = refresher;
    this.nodes = nodes;
    this.hands = new Hands(usable, platform -> shares.ahead(platform, RESERVATION));
    this.parked = new Parked(routes, time);
    this.time = time;
    this.scanInterval = scanInterval;
    this.tally = new CycleTally(LOG, metrics, time);
    this.platforms = usable.stream().map(Platform::name).toList();
    announcements.watch(this::changed, id -> {});
  }

  /** Begins as soon as the other nodes leave this one its part of the limits. */
  public synchronized void start() {
    running = true;
    nodes.known().onComplete(known -> sleep(Duration.ofMillis(1)));
  }

  /** Starts nothing more; what runs is the {@link Refresher}'s to finish. */
  public synchronized void stop() {
    running = false;
    vertx.cancelTimer(timer);
  }

  private void pump() {
    synchronized (this) {
      if (!running || pumping) {
        return;
      }
      pumping = true;
    }
    parked.ready(hands.room()).forEach(this::begin);
    Map<String, Integer> room = hands.room();
    putOffParked()
        .compose(done -> reserve(room))
        .onSuccess(accounts -> accounts.forEach(this::begin))
        .compose(accounts -> next(accounts, room))
        .otherwise(SHORT_SLEEP)
        .onComplete(pause -> pumped(pause.result()));
  }

  /** What waits for its route is not to stand in the way of what does not. */
  private Future<Void> putOffParked() {
    Instant soonest = time.instant().plus(RESERVATION);
    return Future.join(
            parked.fresh().entrySet().stream()
                .map(kept -> claims.putOff(kept.getValue(), later(kept.getKey(), soonest)))
                .toList())
        .mapEmpty();
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private Future<List<Account>> reserve(Map<String, Integer> room) {
    return room.isEmpty()
        ? Future.succeededFuture(List.of())
        : claims.reserveDue(room, RESERVATION);
  }

  /** How long to sleep: hardly while pages come full, else until the next account is due. */
  private Future<Duration> next(List<Account> page, Map<String, Integer> room) {
    Map<String, Integer> came = new HashMap<>();
    page.forEach(account -> came.merge(account.platform(), 1, Integer::sum));
    room.forEach((platform, asked) -> isPlenty(platform, came.getOrDefault(platform, 0) >= asked));
    boolean full = room.keySet().stream().anyMatch(plenty::contains);
    return full
        ? Future.succeededFuture(SHORTEST_SLEEP)
        : claims.nextDue(platforms).map(this::untilDue);
  }

  private void isPlenty(String platform, boolean more) {
    if (more) {
      plenty.add(platform);
    } else {
      plenty.remove(platform);
    }
  }

  private Duration untilDue(Optional<Instant> due) {
    Duration wait = due.map(at -> Duration.between(time.instant(), at)).orElse(scanInterval);
    Duration most = parked.isEmpty() ? scanInterval : SHORT_SLEEP;
    return Stream.of(wait, SHORT_SLEEP)
        .max(Duration::compareTo)
        .filter(longest -> longest.compareTo(most) < 0)
        .orElse(most);
  }

  private void pumped(Duration pause) {
    synchronized (this) {
      pumping = false;
    }
    sleep(pause);
  }

  private synchronized void sleep(Duration pause) {
    vertx.cancelTimer(timer);
    if (running) {
      wakeAt = time.instant().plus(pause);
      timer = vertx.setTimer(Math.max(1, pause.toMillis()), fired -> pump());
    }
  }

  private void begin(Account account) {
    hands.take(account.platform());
    tally.taken();
    refresher
        .refresh(account, Trigger.BACKGROUND)
        .onSuccess(outcome -> ended(account, outcome))
        .onComplete(done -> handBack(account.platform()));
  }

  private void ended(Account account, RefreshOutcome outcome) {
    if (parked.keepIfRefused(account, outcome)) {
      tally.putOff();
    }
    tally.ended(outcome);
  }

  private void handBack(String platform) {
    boolean room = hands.giveBack(platform);
    if (hands.isEmpty()) {
      tally.over();
    }
    if (room && plenty.contains(platform)) {
      wake(Duration.ofMillis(1));
    }
  }

  /** An account that falls due before this node would wake up wakes it. */
  private void changed(Account row) {
    Instant due = row.credentials().refreshDueAt();
    if (due != null) {
      Duration pause = Duration.between(time.instant(), due);
      wake(pause.compareTo(SHORTEST_SLEEP) < 0 ? SHORTEST_SLEEP : pause);
    }
  }

  private synchronized void wake(Duration pause) {
    if (running && !pumping && time.instant().plus(pause).isBefore(wakeAt)) {
      sleep(pause);
    }
  }
}
