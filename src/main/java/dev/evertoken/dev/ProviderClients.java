package dev.evertoken.dev;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The OAuth clients that the simulated provider knows, and how they prove themselves (RFC 6749,
 * 2.3.1).
 */
public final class ProviderClients {
  public static final String DEFAULT_ID = "evertoken-dev";
  public static final String DEFAULT_SECRET = "evertoken-dev-secret";

  private record Credentials(String id, String secret) {}

  private final Map<String, List<String>> secrets = new ConcurrentHashMap<>();

  ProviderClients() {
    accept(DEFAULT_ID, DEFAULT_SECRET);
  }

  /** Lets a client in with any of these secrets; a client without any is public and needs none. */
  public void accept(String id, String... accepted) {
    secrets.put(id, List.of(accepted));
  }

  /** Forgets a client. */
  public void refuse(String id) {
    secrets.remove(id);
  }

  boolean knows(String id) {
    return secrets.containsKey(id);
  }

  /** The client that sent this request; empty if it did not prove to be one. */
  Optional<String> authenticate(HttpServerRequest request, Form form) {
    return credentials(request.getHeader(HttpHeaders.AUTHORIZATION), form)
        .filter(this::isRight)
        .map(Credentials::id);
  }

  private boolean isRight(Credentials given) {
    List<String> accepted = secrets.get(given.id());
    return accepted != null && (accepted.isEmpty() || accepted.contains(given.secret()));
  }

  private static Optional<Credentials> credentials(@Nullable String authorization, Form form) {
    if (authorization == null) {
      return form.one("client_id")
          .map(id -> new Credentials(id, form.one("client_secret").orElse("")));
    }
    return basic(authorization);
  }

  private static Optional<Credentials> basic(String authorization) {
    if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      return Optional.empty();
    }
    try {
      byte[] pair = Base64.getDecoder().decode(authorization.substring(6).strip());
      String text = new String(pair, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon < 0
          ? Optional.empty()
          : Optional.of(
              new Credentials(
                  decoded(text.substring(0, colon)), decoded(text.substring(colon + 1))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part, StandardCharsets.UTF_8);
  }
}
