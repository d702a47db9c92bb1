package dev.evertoken.app;

import dev.evertoken.port.Metrics;
import dev.evertoken.port.Scheduler;
import dev.evertoken.port.Tidying;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has what nobody needs any more removed now and then, by whichever node comes first, and tells of
 * refresh tokens that end.
 */
public final class Housekeeping {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration PERIOD = Duration.ofMinutes(10);

  private final Scheduler scheduler;
  private final Tidying tidying;
  private final Metrics metrics;
  private final EndingRefreshTokens ending;
  private long timer = -1;
  private boolean running;

  Housekeeping(Scheduler scheduler, Tidying tidying, Metrics metrics, EndingRefreshTokens ending) {
    this.scheduler = scheduler;
    this.tidying = tidying;
    this.metrics = metrics;
    this.ending = ending;
  }

  /** Begins, on the calling context. */
  public synchronized void start() {
    running = true;
    timer = scheduler.after(Duration.ofMillis(1), this::tidy);
    ending.start();
  }

  public synchronized void stop() {
    running = false;
    scheduler.cancel(timer);
    ending.stop();
  }

  private synchronized void tidy() {
    if (!running) {
      return;
    }
    timer = scheduler.after(PERIOD, this::tidy);
    tidying
        .tidy(PERIOD.dividedBy(2))
        .onSuccess(gone -> gone.ifPresent(this::tell))
        .onFailure(failure -> LOG.atWarn().setCause(failure).log("not_tidied"));
  }

  private void tell(Map<String, Integer> gone) {
    gone.forEach(metrics::tidied);
    if (!gone.isEmpty()) {
      LOG.atInfo().addKeyValue("rows", gone).log("tidied");
    }
  }
}
