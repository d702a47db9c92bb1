package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Tells "PostgreSQL cannot be used" from an answer of it, and from a bug of ours. */
final class StorageFailures {

  /** Classes of SQLSTATE (PostgreSQL manual, appendix A) that speak of the server, not of us. */
  private static final Set<String> SERVER_CLASSES =
      Set.of("08", "25", "28", "3D", "40", "53", "55", "57", "58", "F0", "XX");

  private static final Set<String> NOT_STORABLE = Set.of("22021", "22P05");
  private static final String READ_ONLY = "25006";
  private static final String UNIQUE = "23505";

  /** "cached plan must not change result type", and a prepared statement that is not there. */
  private static final Set<String> OUTDATED_STATEMENT = Set.of("0A000", "26000");

  private StorageFailures() {}

  /** Whether the failure says that PostgreSQL cannot be used now. */
  static boolean unavailable(Throwable failure) {
    return switch (failure) {
      case PgException answer -> ofTheServer(answer);
      case TimeoutException late -> true;
      case VertxException client -> true;
      case IOException network -> true;
      default -> false;
    };
  }

  private static boolean ofTheServer(PgException answer) {
    String state = state(answer);
    return SERVER_CLASSES.contains(state.substring(0, Math.min(2, state.length())));
  }

  /** Whether we are connected to a server that takes no writes, such as one that was demoted. */
  static boolean readOnly(Throwable failure) {
    return failure instanceof PgException answer && state(answer).equals(READ_ONLY);
  }

  /**
   * Whether a statement that was prepared before does not fit the server or its tables any more.
   */
  static boolean outdatedStatement(Throwable failure) {
    return failure instanceof PgException answer && OUTDATED_STATEMENT.contains(state(answer));
  }

  /** Whether a unique index or primary key refused the write. */
  static boolean duplicate(Throwable failure) {
    return failure instanceof PgException answer && state(answer).equals(UNIQUE);
  }

  /** What the caller gets to see. */
  static Throwable forCaller(Throwable failure) {
    if (unavailable(failure)) {
      return problem();
    }
    if (failure instanceof PgException answer && NOT_STORABLE.contains(state(answer))) {
      return Problem.of(ProblemCode.INVALID, "A text holds a character that cannot be stored.")
          .exception();
    }
    return failure;
  }

  static ProblemException problem() {
    return Problem.of(
            ProblemCode.STORAGE_UNAVAILABLE, "PostgreSQL cannot be used at the moment; try again.")
        .withRetryAfter(Duration.ofSeconds(2))
        .exception();
  }

  private static String state(PgException answer) {
    String state = answer.getSqlState();
    return state == null ? "XX" : state;
  }
}
