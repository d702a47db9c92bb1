package dev.evertoken.adapter.journal;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that the disk fails, and once that it works again. Safe for any thread. */
final class Alarm {

  private static final Logger LOG = LoggerFactory.getLogger(Alarm.class);

  private final AtomicBoolean raised = new AtomicBoolean();

  void failed(Exception failure) {
    if (raised.compareAndSet(false, true)) {
      LOG.atError()
          .addKeyValue("cause", failure.getClass().getSimpleName())
          .log("escrow cannot be written: a crash now would lose refresh tokens");
    }
  }

  /** What was written has reached the disk. */
  void worked() {
    if (raised.compareAndSet(true, false)) {
      LOG.info("escrow can be written again");
    }
  }
}
