package dev.evertoken.rig;

import dev.evertoken.port.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A time that a test moves; both its clocks go together. */
public final class ManualTime implements Time {

  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

  private final AtomicLong nanos = new AtomicLong(1_000_000_000);

  @Override
  public Instant instant() {
    return START.plusNanos(nanos.get());
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  public void advance(Duration by) {
    nanos.addAndGet(by.toNanos());
  }
}
