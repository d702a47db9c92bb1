package dev.evertoken.app;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.port.Time;
import io.vertx.core.AsyncResult;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Whether PostgreSQL failed when it was last asked: then what can be answered from memory does not
 * wait for it, and one request a second asks it again. Safe for use by several threads.
 */
final class StorageOutage {

  private static final Duration ASKED_AGAIN = Duration.ofSeconds(1);

  private final Time time;
  private final AtomicLong askedAt = new AtomicLong();
  private volatile @Nullable Problem problem;

  StorageOutage(Time time) {
    this.time = time;
    this.askedAt.set(time.nanos());
  }

  /** How a read of PostgreSQL ended. */
  void ended(AsyncResult<?> read) {
    Problem found = of(read.cause());
    if (found != null && found.code() == ProblemCode.OVERLOADED) {
      return; // Our own line was too long; PostgreSQL was not asked.
    }
    // A row that cannot be opened tells nothing of the others.
    problem = found == null || found.code() == ProblemCode.KEY_UNAVAILABLE ? null : found;
  }

  /** Why PostgreSQL cannot be used; null where nothing is known to be wrong. */
  @Nullable Problem problem() {
    return problem;
  }

  /** Whether it is this request's turn to see if it is back. */
  boolean askAgain() {
    long now = time.nanos();
    long last = askedAt.get();
    return now - last >= ASKED_AGAIN.toNanos() && askedAt.compareAndSet(last, now);
  }

  /** It does not answer in the time that a caller with a valid token has for it. */
  static Problem slow() {
    return Problem.of(ProblemCode.STORAGE_UNAVAILABLE, "PostgreSQL does not answer in time.")
        .withRetryAfter(Duration.ofSeconds(1));
  }

  /** The problem, where the failure is that the row cannot be read or opened. */
  static @Nullable Problem of(@Nullable Throwable failure) {
    return failure instanceof ProblemException expected && expected.problem().code().ofStorage()
        ? expected.problem()
        : null;
  }
}
