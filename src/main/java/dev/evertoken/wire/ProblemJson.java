package dev.evertoken.wire;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.Problem.FieldError;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.WireName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a problem (RFC 9457; contract, section 5). */
public final class ProblemJson {

  private static final String TYPE = "urn:evertoken:problem:";

  /** Where nothing better is known: long enough for a short fault, and for a busy node. */
  private static final long USUAL_RETRY_SECONDS = 5;

  private ProblemJson() {}

  /** The problem as a body. */
  public static JsonObject of(Problem problem, @Nullable String traceId) {
    ProblemCode code = problem.code();
    JsonObject json =
        new JsonObject()
            .put("type", TYPE + code.code())
            .put("title", code.title())
            .put("status", code.status())
            .put("detail", problem.detail())
            .put("code", code.code())
            .put("retryable", code.retryable());
    putKnown(json, "trace_id", traceId);
    putKnown(json, "account", problem.account());
    putKnown(json, "platform", problem.platform());
    putKnown(json, "generation", problem.generation());
    putKnown(json, "cause", problem.cause() == null ? null : WireName.of(problem.cause()));
    putKnown(json, "until", Times.text(problem.until()));
    putKnown(json, "retry_after", retryAfterSeconds(problem));
    putErrors(json, problem.errors());
    putCounts(json, problem.counts());
    return json;
  }

  /**
   * Whole seconds until a retry makes sense, rounded up; also the header. Every problem that may be
   * retried has them; null: no retry helps.
   */
  public static @Nullable Long retryAfterSeconds(Problem problem) {
    Duration wait = problem.retryAfter();
    if (wait == null) {
      return problem.code().retryable() ? Long.valueOf(USUAL_RETRY_SECONDS) : null;
    }
    return Math.max(1, wait.plusNanos(999_999_999).toSeconds());
  }

  /** What the caller is told of a failure: its problem, or for a bug a fixed text. */
  public static Problem problem(Throwable failure) {
    return failure instanceof ProblemException expected
        ? expected.problem()
        : Problem.of(ProblemCode.INTERNAL, "This is a bug of the service; it has been logged.");
  }

  /** The same problem with pointers into the query in place of pointers into a body. */
  public static Problem inQuery(Problem problem) {
    return problem.withErrors(
        problem.errors().stream()
            .map(error -> new FieldError(error.pointer().replaceFirst("^/", "?"), error.detail()))
            .toList());
  }

  private static void putKnown(JsonObject json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static void putErrors(JsonObject json, List<FieldError> errors) {
    if (errors.isEmpty()) {
      return;
    }
    JsonArray array = new JsonArray();
    errors.forEach(
        e -> array.add(new JsonObject().put("pointer", e.pointer()).put("detail", e.detail())));
    json.put("errors", array);
  }

  private static void putCounts(JsonObject json, Map<String, Integer> counts) {
    if (!counts.isEmpty()) {
      json.put("counts", new JsonObject(Map.copyOf(counts)));
    }
  }
}
