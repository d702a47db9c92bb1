package dev.evertoken.app.refresh;

import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Asks PostgreSQL a second time before a caller hears that it cannot be used: one slow moment of a
 * busy machine is no outage.
 */
public final class OnceMore {

  private OnceMore() {}

  public static <T> Future<T> ifStorageFails(Supplier<Future<T>> call) {
    return call.get()
        .recover(failure -> storage(failure) ? call.get() : Future.failedFuture(failure));
  }

  private static boolean storage(Throwable failure) {
    return failure instanceof ProblemException expected
        && expected.problem().code() == ProblemCode.STORAGE_UNAVAILABLE;
  }
}
