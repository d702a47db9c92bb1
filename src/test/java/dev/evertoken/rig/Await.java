package dev.evertoken.rig;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.opentest4j.AssertionFailedError;

/** Waits for something to become true, by asking again and again. */
public final class Await {
  private static final Duration TURN = Duration.ofMillis(5);

  private Await() {}

  /**
   * Returns as soon as the condition holds.
   *
   * @param description what is waited for, for the failure: "the account is benched"
   */
  public static void until(String description, Supplier<Boolean> condition, Duration patience) {
    until(() -> description, condition, patience);
  }

  /** The same with a description that is made only for the failure. */
  public static void until(
      Supplier<String> description, Supplier<Boolean> condition, Duration patience) {
    long start = System.nanoTime();
    while (!condition.get()) {
      if (System.nanoTime() - start > patience.toNanos()) {
        throw new AssertionFailedError("Not within " + patience + ": " + description.get());
      }
      LockSupport.parkNanos(TURN.toNanos());
    }
  }

  /** Lets a fault last; nothing else is to be waited for like this. */
  public static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  /** The same with 10 seconds of patience. */
  public static void until(String description, Supplier<Boolean> condition) {
    until(description, condition, Duration.ofSeconds(10));
  }
}
