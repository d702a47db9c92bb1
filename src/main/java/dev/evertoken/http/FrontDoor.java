package dev.evertoken.http;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every request first: lets the warm token call straight through, and refuses bad form.
 */
final class FrontDoor implements Handler<HttpServerRequest> {

  private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://[^/?#@\\s]+((?:[/?].*)?)");

  private final Flight flight;
  private final Exchanges exchanges;
  private final TokenPath tokenPath;
  private final Handler<HttpServerRequest> router;

  FrontDoor(
      Flight flight, Exchanges exchanges, TokenPath tokenPath, Handler<HttpServerRequest> router) {
    this.flight = flight;
    this.exchanges = exchanges;
    this.tokenPath = tokenPath;
    this.router = router;
  }

  @Override
  public void handle(HttpServerRequest request) {
    RequestHead head = RequestHead.of(request);
    String target = originForm(request.uri());
    long account = TokenPath.account(target);
    Problem bad = bad(request, target, head, account != 0);
    if (bad != null) {
      exchanges.begin(request, head).last().refuse(bad);
    } else if (flight.draining() && !target.startsWith("/health/")) {
      exchanges.begin(request, head).last().refuse(shuttingDown());
    } else if (TokenPath.matches(request, head, account)) {
      tokenPath.serve(exchanges.begin(request, head), account);
    } else {
      if (head.expectsContinue() && request.version() == HttpVersion.HTTP_1_1) {
        request.response().writeContinue();
      }
      router.handle(request);
    }
  }

  /** Answers what could not be read as a request; Vert.x closes the connection after it. */
  void handleInvalid(HttpServerRequest request) {
    exchanges
        .begin(request, RequestHead.of(request))
        .last()
        .refuse(InvalidRequests.problem(request));
  }

  /**
   * The path and query of a request target in absolute form, which every server has to accept (RFC
   * 9112, section 3.2.2); Vert.x reads them from it by itself.
   */
  private static String originForm(String uri) {
    Matcher absolute = uri.startsWith("/") ? null : ABSOLUTE.matcher(uri);
    if (absolute == null || !absolute.matches()) {
      return uri;
    }
    String rest = absolute.group(1);
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  private static @Nullable Problem bad(
      HttpServerRequest request, String target, RequestHead head, boolean known) {
    if (head.headers() > ServerOptions.MAX_HEADERS) {
      return InvalidRequests.headersTooLarge();
    }
    if (head.hosts() > 1 || (head.hosts() == 0 && request.version() == HttpVersion.HTTP_1_1)) {
      return Problem.of(ProblemCode.MALFORMED_REQUEST, "One Host header is expected.");
    }
    if (!head.bodyEndsPlainly()) {
      return Problem.of(
          ProblemCode.MALFORMED_REQUEST,
          "A body comes with a Content-Length, or with Transfer-Encoding: chunked alone.");
    }
    return known || plainPath(target)
        ? null
        : Problem.of(ProblemCode.MALFORMED_REQUEST, "The path holds what no path here does.");
  }

  /** Every path here is plain ASCII, so nothing needs decoding, and nothing can hide in it. */
  private static boolean plainPath(String uri) {
    if (uri.isEmpty() || uri.charAt(0) != '/') {
      return false;
    }
    for (int i = 1; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c == '?') {
        return true;
      }
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || (c >= 'A' && c <= 'Z')
              || c == '-'
              || c == '_'
              || c == '.'
              || c == '~'
              || c == '/';
      boolean doubled = (c == '/' || c == '.') && uri.charAt(i - 1) == c;
      if (!plain || doubled) {
        return false;
      }
    }
    return true;
  }

  private static Problem shuttingDown() {
    return Problem.of(ProblemCode.SHUTTING_DOWN, "This node is shutting down; ask another.")
        .withRetryAfter(Duration.ofSeconds(1));
  }
}
