package dev.evertoken.bus;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Why a request over the bus was not answered as hoped: the status and code of the contract's
 * section 5, or {@code 503 unreachable} when no node answers the address and {@code 504 no_reply}
 * when one did not in time.
 */
public final class TokenRefusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final boolean retryable;
  private final transient JsonObject problem;

  private TokenRefusal(int status, String code, boolean retryable, JsonObject problem) {
    super(code + ": " + problem.getString("detail", ""), null, false, false);
    this.status = status;
    this.code = code;
    this.retryable = retryable;
    this.problem = problem;
  }

  static TokenRefusal of(JsonObject problem) {
    return new TokenRefusal(
        problem.getInteger("status", 500),
        problem.getString("code", "internal"),
        problem.getBoolean("retryable", false),
        problem);
  }

  static Throwable of(Throwable failure) {
    if (!(failure instanceof ReplyException reply)) {
      return failure;
    }
    return switch (reply.failureType()) {
      case NO_HANDLERS -> unanswered(503, "unreachable", "no node answers");
      case TIMEOUT -> unanswered(504, "no_reply", "no answer came in time");
      case RECIPIENT_FAILURE, ERROR ->
          new TokenRefusal(
              reply.failureCode(), String.valueOf(reply.getMessage()), false, new JsonObject());
    };
  }

  static boolean nobodyThere(Throwable failure) {
    return failure instanceof ReplyException reply
        && reply.failureType() == ReplyFailure.NO_HANDLERS;
  }

  private static TokenRefusal unanswered(int status, String code, String detail) {
    return new TokenRefusal(status, code, true, new JsonObject().put("detail", detail));
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public boolean retryable() {
    return retryable;
  }

  /** Seconds after which asking again makes sense, or null. */
  public @Nullable Long retryAfterSeconds() {
    return problem.getLong("retry_after");
  }

  /** The whole problem, as the contract shows it. */
  public JsonObject problem() {
    return problem.copy();
  }
}
