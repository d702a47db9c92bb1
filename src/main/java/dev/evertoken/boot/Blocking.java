package dev.evertoken.boot;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Work that blocks, on a worker thread of Vert.x. */
final class Blocking {

  private Blocking() {}

  /** Something that is done for its effect. */
  @FunctionalInterface
  interface Step {

    void run() throws Exception;
  }

  static <T> Future<T> get(Vertx vertx, Callable<T> work) {
    return vertx.<T>executeBlocking(work, false).map(Objects::requireNonNull);
  }

  static Future<Void> run(Vertx vertx, Step work) {
    return vertx
        .executeBlocking(
            () -> {
              work.run();
              return true;
            },
            false)
        .mapEmpty();
  }
}
