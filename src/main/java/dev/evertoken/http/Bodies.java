package dev.evertoken.http;

import dev.evertoken.domain.PlainNumber;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request, JSON of at most 16 KiB or a file of at most 16 MiB, and refuses any
 * other before it arrives.
 */
final class Bodies {

  private static final Set<String> JSON =
      Set.of("application/json", "application/merge-patch+json");
  private static final Set<String> FILE =
      Set.of("application/json", "application/x-ndjson", "application/jsonl");

  /** A part of a file that must arrive in the time that a whole small body has. */
  private static final int SLOWEST = 64 * 1024;

  private Bodies() {}

  /** Whether the media type of a file says that each line is a value of its own. */
  static boolean lines(HttpServerRequest request) {
    return !readable(request.getHeader(HttpHeaders.CONTENT_TYPE), JSON);
  }

  /** What is wrong with the announced body, or null. */
  static @Nullable Problem refusal(
      HttpServerRequest request, RequestHead head, Endpoint.Body allowed) {
    if (!head.body()) {
      return allowed == Endpoint.Body.REQUIRED || allowed == Endpoint.Body.FILE
          ? Problem.of(ProblemCode.MALFORMED_REQUEST, "A JSON body is expected.")
          : null;
    }
    if (allowed == Endpoint.Body.NONE) {
      return Problem.of(ProblemCode.MALFORMED_REQUEST, "This call takes no body.");
    }
    if (request.headers().contains(HttpHeaders.CONTENT_ENCODING)) {
      return Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "No content encoding is understood.");
    }
    boolean file = allowed == Endpoint.Body.FILE;
    if (!readable(request.getHeader(HttpHeaders.CONTENT_TYPE), file ? FILE : JSON)) {
      return Problem.of(
          ProblemCode.UNSUPPORTED_MEDIA_TYPE,
          "The body must be application/json"
              + (file ? " or application/x-ndjson" : "")
              + " in UTF-8.");
    }
    int most = most(allowed);
    return tooLong(request.getHeader(HttpHeaders.CONTENT_LENGTH), most) ? tooLarge(most) : null;
  }

  /**
   * The whole body; the request must be paused.
   *
   * @param more is told now and then while a large one arrives
   */
  static Future<Buffer> read(HttpServerRequest request, Endpoint.Body allowed, Runnable more) {
    int most = most(allowed);
    Promise<Buffer> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    request
        .handler(
            chunk -> {
              int before = body.length() / SLOWEST;
              if (body.length() + chunk.length() <= most) {
                body.appendBuffer(chunk);
              } else {
                promise.tryFail(tooLarge(most).exception());
              }
              if (body.length() / SLOWEST > before) {
                more.run();
              }
            })
        .endHandler(end -> promise.tryComplete(body))
        .exceptionHandler(lost -> promise.tryFail(incomplete()))
        .resume();
    return promise.future();
  }

  private static RuntimeException incomplete() {
    return Problem.of(ProblemCode.MALFORMED_REQUEST, "The body did not arrive whole.").exception();
  }

  private static int most(Endpoint.Body allowed) {
    return allowed == Endpoint.Body.FILE
        ? ServerOptions.MAX_FILE_BYTES
        : ServerOptions.MAX_BODY_BYTES;
  }

  private static Problem tooLarge(int most) {
    return Problem.of(ProblemCode.CONTENT_TOO_LARGE, "A body has at most " + most + " bytes here.");
  }

  private static boolean tooLong(@Nullable String length, int most) {
    if (length == null) {
      return false;
    }
    long number = PlainNumber.of(length);
    return number == 0 || number > most;
  }

  private static boolean readable(@Nullable String contentType, Set<String> types) {
    if (contentType == null) {
      return false;
    }
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
    if (!types.contains(parts[0].strip())) {
      return false;
    }
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().replace("\"", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        return false;
      }
    }
    return true;
  }
}
