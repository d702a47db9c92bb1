package dev.evertoken.app;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.Scheduler;
import dev.evertoken.port.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of refresh tokens that end by themselves soon, each once seven days and once a day before.
 * The store knows of whom was told, so that every node may look; a look reads only what is new.
 */
final class EndingRefreshTokens {

  private static final Logger LOG = LoggerFactory.getLogger(EndingRefreshTokens.class);
  private static final Duration PERIOD = Duration.ofMinutes(5);
  private static final Duration AFTER_A_CHANGE = Duration.ofSeconds(1);
  private static final int PAGE = 200;

  private final Scheduler scheduler;
  private final AccountStore store;
  private final Announcements announcements;
  private final Time time;
  private long timer = -1;
  private boolean running;
  private boolean soon;

  EndingRefreshTokens(
      Scheduler scheduler, AccountStore store, Announcements announcements, Time time) {
    this.scheduler = scheduler;
    this.store = store;
    this.announcements = announcements;
    this.time = time;
    announcements.watch(this::changed, gone -> {});
  }

  /** Begins, on the calling context. */
  synchronized void start() {
    running = true;
    timer = scheduler.after(AFTER_A_CHANGE, this::look);
  }

  synchronized void stop() {
    running = false;
    scheduler.cancel(timer);
  }

  /** An end that is near when it becomes known is told of at once. */
  private void changed(Account row) {
    Instant end = row.credentials().refresh().endsAt();
    if (end != null && end.isBefore(time.instant().plus(AccountStore.NEAR_ITS_END))) {
      lookSoon();
    }
  }

  private synchronized void lookSoon() {
    if (running && !soon) {
      soon = true;
      scheduler.cancel(timer);
      timer = scheduler.after(AFTER_A_CHANGE, this::look);
    }
  }

  private synchronized void look() {
    soon = false;
    if (running) {
      timer = scheduler.after(PERIOD, this::look);
      page();
    }
  }

  private void page() {
    store
        .markEnding(PAGE)
        .onSuccess(this::tell)
        .onFailure(failure -> LOG.atWarn().setCause(failure).log("ending_tokens_not_told"));
  }

  /** An account that is in error or disabled is marked all the same, and said nothing of. */
  private void tell(List<Account> ending) {
    ending.stream()
        .filter(account -> account.status() == AccountStatus.ACTIVE)
        .forEach(announcements::reauthorizationDue);
    if (ending.size() >= PAGE) {
      page();
    }
  }
}
