package dev.evertoken.boot.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in lines what a call came to that did not succeed, and what to do. */
final class Problems {

  private static final Map<String, String> NEXT =
      Map.of(
          "unauthenticated",
          "EVERTOKEN_API_KEY names the key; without it, admin.key of the data folder is used.",
          "reauthorization_required",
          "Authorise the account again at its provider, then: evertoken accounts edit ID"
              + " --credentials");

  private Problems() {}

  /** What the service said. */
  static Refusal of(String url, int status, JsonNode problem) {
    if (!problem.hasNonNull("code")) {
      return new Refusal(
          status >= 500 ? Exit.of(status) : Exit.UNREACHABLE,
          "%s does not answer like Evertoken (status %d); is EVERTOKEN_URL right?"
              .formatted(url, status));
    }
    String code = problem.path("code").asText();
    List<String> lines = new ArrayList<>();
    lines.add("%s (%s)".formatted(Json.text(problem.path("detail")), Json.printable(code)));
    for (JsonNode error : problem.path("errors")) {
      lines.add(
          "  %s: %s".formatted(Json.text(error.path("pointer")), Json.text(error.path("detail"))));
    }
    if (problem.hasNonNull("until")) {
      lines.add("  until " + Json.text(problem.path("until")));
    }
    if (problem.hasNonNull("retry_after")) {
      lines.add("  try again in " + Json.text(problem.path("retry_after")) + " s");
    }
    String next = NEXT.get(code);
    if (next != null) {
      lines.add(next.replace(" ID ", " " + problem.path("account").asText("ID") + " "));
    }
    if (status >= 500 && status != 503 && problem.hasNonNull("trace_id")) {
      lines.add("  trace " + Json.text(problem.path("trace_id")));
    }
    return new Refusal(Exit.of(status), lines);
  }

  /** What kept a call from reaching it, in one line. */
  static Refusal unreachable(String url, IOException failure) {
    if (caused(failure, SSLException.class) != null) {
      return new Refusal(
          Exit.UNREACHABLE,
          "%s cannot be trusted: %s; --ca FILE or EVERTOKEN_CA names the CA of its certificate"
              .formatted(url, Json.printable(String.valueOf(failure.getMessage()))));
    }
    return new Refusal(
        Exit.UNREACHABLE,
        "%s cannot be reached: %s; EVERTOKEN_URL says where the service is, and 'evertoken serve'"
                .formatted(url, why(failure))
            + " starts one");
  }

  private static String why(IOException failure) {
    if (caused(failure, UnresolvedAddressException.class) != null) {
      return "its name is not known";
    }
    if (failure instanceof HttpConnectTimeoutException) {
      return "nothing answers there";
    }
    if (failure instanceof HttpTimeoutException) {
      return "no answer in time";
    }
    String message = failure.getMessage();
    return message == null ? "the connection was refused" : Json.printable(message);
  }

  private static <T> @Nullable T caused(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
