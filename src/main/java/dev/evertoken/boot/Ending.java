package dev.evertoken.boot;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was opened, to be closed in the opposite order; one that fails or hangs keeps no other. */
final class Ending {

  private static final Logger LOG = LoggerFactory.getLogger(Ending.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Deque<Part> parts = new ArrayDeque<>();

  private record Part(String name, Supplier<Future<?>> close) {}

  /** Adds what has been opened just now. */
  synchronized void opened(String name, Supplier<Future<?>> close) {
    parts.push(new Part(name, close));
  }

  /** Closes everything that is still open; always succeeds. */
  Future<Void> close() {
    Part part = next();
    return part == null
        ? Future.succeededFuture()
        : Future.succeededFuture()
            .compose(start -> part.close().get())
            .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .onFailure(failure -> told(part, failure))
            .transform(ended -> close());
  }

  private synchronized @Nullable Part next() {
    return parts.poll();
  }

  private static void told(Part part, Throwable failure) {
    LOG.atWarn()
        .addKeyValue("part", part.name())
        .addKeyValue("cause", failure.getClass().getSimpleName())
        .log("close_failed");
  }
}
