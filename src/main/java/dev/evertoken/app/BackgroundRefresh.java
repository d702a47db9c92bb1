package dev.evertoken.app;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes what falls due before anybody asks (semantics, section 4): reserves due accounts in
 * pages, hands each to the {@link Refresher}, and sleeps until the next one is due. Its own calls
 * come from one context.
 */
public final class BackgroundRefresh {

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundRefresh.class);

  /**
   * Accounts in hand at a time: enough to keep every platform's limits busy, few enough to leave to
   * other nodes.
   */
  private static final int MOST_IN_HAND = 64;

  private static final int PAGE = 16;
  private static final Duration RESERVATION = Duration.ofSeconds(30);
  private static final Duration SHORTEST_SLEEP = Duration.ofMillis(200);

  private final Vertx vertx;
  private final RefreshClaims claims;
  private final Refresher refresher;
  private final Parked parked;
  private final Time time;
  private final Duration scanInterval;
  private final AtomicInteger inHand = new AtomicInteger();
  private final CycleTally tally = new CycleTally();
  private long timer = -1;
  private Instant wakeAt = Instant.MAX;
  private boolean pumping;
  private boolean running;

  BackgroundRefresh(
      Vertx vertx,
      RefreshClaims claims,
      Refresher refresher,
      Routes routes,
      Announcements announcements,
      Time time,
      Duration scanInterval) {
    this.vertx = vertx;
    this.claims = claims;
    this.refresher = refresher;
    this.parked = new Parked(routes, time);
    this.time = time;
    this.scanInterval = scanInterval;
    announcements.watch(this::changed, id -> {});
  }

  /** Begins at once, on the calling context. */
  public synchronized void start() {
    running = true;
    sleep(Duration.ofMillis(1));
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
    parked.ready().forEach(this::begin);
    int room = Math.min(PAGE, MOST_IN_HAND - inHand.get());
    Future<List<Account>> page =
        room < PAGE / 2 ? Future.succeededFuture(List.of()) : claims.reserveDue(room, RESERVATION);
    page.onSuccess(accounts -> accounts.forEach(this::begin))
        .compose(accounts -> next(accounts, room))
        .otherwise(failure -> storageAway())
        .onComplete(pause -> pumped(pause.result()));
  }

  /** How long to sleep: not at all while pages come full, else until the next account is due. */
  private Future<Duration> next(List<Account> page, int room) {
    if (page.size() == room && room > 0) {
      return Future.succeededFuture(SHORTEST_SLEEP);
    }
    return claims.nextDue().map(this::untilDue);
  }

  private Duration untilDue(Optional<Instant> due) {
    Duration wait = due.map(at -> Duration.between(time.instant(), at)).orElse(scanInterval);
    Duration most = parked.isEmpty() ? scanInterval : Duration.ofSeconds(1);
    if (wait.compareTo(most) > 0) {
      return most;
    }
    return wait.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : wait;
  }

  private Duration storageAway() {
    return Duration.ofSeconds(1);
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
    inHand.incrementAndGet();
    tally.started();
    refresher
        .refresh(account, Trigger.BACKGROUND)
        .onSuccess(outcome -> ended(account, outcome))
        .onComplete(done -> handBack());
  }

  private void ended(Account account, RefreshOutcome outcome) {
    tally.ended(outcome);
    parked.keepIfRefused(account, outcome);
  }

  private void handBack() {
    int left = inHand.decrementAndGet();
    if (left == 0) {
      tally.log(LOG);
    }
  }

  /** An account that falls due before this node would wake up wakes it. */
  private void changed(Account row) {
    Instant due = row.credentials().refreshDueAt();
    synchronized (this) {
      if (!running || pumping || due == null || !due.isBefore(wakeAt)) {
        return;
      }
    }
    Duration pause = Duration.between(time.instant(), due);
    sleep(pause.compareTo(SHORTEST_SLEEP) < 0 ? SHORTEST_SLEEP : pause);
  }
}
