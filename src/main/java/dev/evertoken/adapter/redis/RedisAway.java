package dev.evertoken.adapter.redis;

import io.vertx.redis.client.impl.types.ErrorType;
import java.util.concurrent.TimeoutException;

/** Redis cannot be asked right now; without a stack trace, as it is expected. */
final class RedisAway extends RuntimeException {

  private static final long serialVersionUID = 1L;

  enum Why {
    DOWN("down"),
    BUSY("too many commands are waiting"),
    CLOSED("connection closed");

    private final String text;

    Why(String text) {
      this.text = text;
    }
  }

  private final Why why;

  RedisAway(Why why) {
    super(why.text, null, false, false);
    this.why = why;
  }

  /**
   * A short public reason. The client's own texts hold the arguments of commands, so they are never
   * shown.
   */
  static String reason(Throwable failure) {
    return switch (failure) {
      case RedisAway away -> away.why.text;
      case TimeoutException late -> "no answer in time";
      case ErrorType reply -> firstWord(reply);
      default -> failure.getClass().getSimpleName();
    };
  }

  /** Whether Redis refused just this command, because of its key, its script or its size. */
  static boolean refusal(Throwable failure) {
    return failure instanceof ErrorType reply
        && switch (firstWord(reply)) {
          case "NOSCRIPT", "WRONGTYPE", "OOM", "ERR" -> true;
          default -> false;
        };
  }

  /** Whether the server or the way to it is at fault, so that a new connection may help. */
  static boolean faultOfServer(Throwable failure) {
    return failure instanceof RedisAway away ? away.why == Why.CLOSED : !refusal(failure);
  }

  /** Whether a person must act before Redis can be used. */
  static boolean wrongSettings(Throwable failure) {
    return failure instanceof ErrorType reply
        && switch (firstWord(reply)) {
          case "WRONGPASS", "NOAUTH", "NOPERM", "ERR" -> true;
          default -> false;
        };
  }

  static boolean says(Throwable failure, String word) {
    return failure instanceof ErrorType reply && firstWord(reply).equals(word);
  }

  private static String firstWord(ErrorType reply) {
    String text = String.valueOf(reply.getMessage());
    int end = text.indexOf(' ');
    return end < 0 ? text : text.substring(0, end);
  }
}
