package dev.evertoken.http;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;

/** What is answered to bytes that are no HTTP/1.1 request, before the connection is closed. */
final class InvalidRequests {

  private InvalidRequests() {}

  static Problem problem(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    if (cause instanceof TooLongHttpLineException) {
      return Problem.of(
          ProblemCode.URI_TOO_LONG,
          "A request line has at most " + ServerOptions.MAX_REQUEST_LINE + " bytes.");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return headersTooLarge();
    }
    return Problem.of(ProblemCode.MALFORMED_REQUEST, "This is not an HTTP/1.1 request.");
  }

  static Problem headersTooLarge() {
    return Problem.of(
        ProblemCode.HEADERS_TOO_LARGE,
        "At most "
            + ServerOptions.MAX_HEADERS
            + " headers and "
            + ServerOptions.MAX_HEADER_BYTES
            + " bytes of them are read.");
  }
}
