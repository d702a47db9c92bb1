package dev.evertoken.http;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request, JSON of at most 16 KiB, and refuses any other before it arrives. */
final class Bodies {

  private Bodies() {}

  /** Whether the head announces a body. */
  static boolean announced(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"));
  }

  /** What is wrong with the announced body, or null. */
  static @Nullable Problem refusal(HttpServerRequest request, Endpoint.Body allowed) {
    if (!announced(request)) {
      return allowed == Endpoint.Body.REQUIRED
          ? Problem.of(ProblemCode.MALFORMED_REQUEST, "A JSON body is expected.")
          : null;
    }
    if (allowed == Endpoint.Body.NONE) {
      return Problem.of(ProblemCode.MALFORMED_REQUEST, "This call takes no body.");
    }
    if (request.headers().contains(HttpHeaders.CONTENT_ENCODING)) {
      return Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "No content encoding is understood.");
    }
    if (!json(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
      return Problem.of(
          ProblemCode.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json in UTF-8.");
    }
    return tooLong(request.getHeader(HttpHeaders.CONTENT_LENGTH)) ? tooLarge() : null;
  }

  /** The whole body; the request must be paused. */
  static Future<Buffer> read(HttpServerRequest request) {
    Promise<Buffer> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    request
        .handler(
            chunk -> {
              if (body.length() + chunk.length() <= ServerOptions.MAX_BODY_BYTES) {
                body.appendBuffer(chunk);
              } else {
                promise.tryFail(tooLarge().exception());
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

  private static Problem tooLarge() {
    return Problem.of(
        ProblemCode.CONTENT_TOO_LARGE,
        "A body has at most " + ServerOptions.MAX_BODY_BYTES + " bytes.");
  }

  private static boolean tooLong(@Nullable String length) {
    return length != null
        && (!Call.plainNumber(length) || Long.parseLong(length) > ServerOptions.MAX_BODY_BYTES);
  }

  private static boolean json(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
    String type = parts[0].strip();
    if (!type.equals("application/json") && !type.equals("application/merge-patch+json")) {
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
