package dev.evertoken.http;

import dev.evertoken.domain.ProxyKind;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.ProxyStore.NewProxy;
import dev.evertoken.wire.RequestFields;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the bodies that create and change proxies; a wrong URL is never repeated in the answer. */
final class ProxyRequests {

  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_URL = 1000;
  private static final String EXPECTED =
      Arrays.stream(ProxyKind.values()).map(WireName::of).collect(Collectors.joining("|"))
          + "://user:password@host:port is expected, user and password as needed";

  private ProxyRequests() {}

  /**
   * What a change gives; null components stay as they are.
   *
   * @param address everything but the name
   */
  record Change(@Nullable String name, @Nullable NewProxy address, @Nullable Boolean disabled) {}

  static NewProxy create(RequestFields fields) {
    Change given = read(fields);
    if (given.name() == null && fields.any("name") == null) {
      fields.malformed("name", "is required");
    }
    if (given.address() == null && fields.any("url") == null) {
      fields.malformed("url", "is required");
    }
    fields.end();
    NewProxy address = given.address();
    if (address == null || given.name() == null) {
      throw new IllegalStateException("both were looked at");
    }
    return new NewProxy(
        given.name(),
        address.kind(),
        address.host(),
        address.port(),
        address.user(),
        address.password());
  }

  static Change change(RequestFields fields) {
    Change given = read(fields);
    Boolean disabled = fields.flag("disabled");
    for (String kept : new String[] {"name", "url"}) {
      if (fields.given(kept) && fields.any(kept) == null) {
        fields.invalid(kept, "cannot be cleared");
      }
    }
    boolean enabled = fields.given("disabled") && fields.any("disabled") == null;
    fields.end();
    return new Change(given.name(), given.address(), enabled ? Boolean.FALSE : disabled);
  }

  private static Change read(RequestFields fields) {
    String name = PlainText.of(fields, "name", LONGEST_NAME);
    String url = fields.text("url", LONGEST_URL);
    NewProxy address = url == null ? null : address(url).orElse(null);
    if (url != null && address == null) {
      fields.invalid("url", EXPECTED);
    }
    return new Change(name, address, null);
  }

  /** The proxy at that URL, yet without a name; empty: no proxy can be there. */
  static Optional<NewProxy> address(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
    Optional<ProxyKind> kind =
        uri.getScheme() == null
            ? Optional.empty()
            : WireName.parse(ProxyKind.class, uri.getScheme());
    boolean bare =
        (uri.getRawPath() == null || uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null;
    if (kind.isEmpty() || !bare || uri.getHost() == null || !port(uri.getPort())) {
      return Optional.empty();
    }
    return user(uri).map(user -> address(kind.get(), uri, user));
  }

  private static NewProxy address(ProxyKind kind, URI uri, User user) {
    String host = uri.getHost();
    boolean bracketed = host.startsWith("[");
    return new NewProxy(
        "",
        kind,
        bracketed ? host.substring(1, host.length() - 1) : host,
        uri.getPort(),
        user.name(),
        user.password());
  }

  private static boolean port(int port) {
    return port > 0 && port <= 65535;
  }

  private record User(@Nullable String name, @Nullable Secret password) {}

  /** Empty: there is something no proxy login can carry. */
  private static Optional<User> user(URI uri) {
    String info = uri.getRawUserInfo();
    if (info == null || info.isEmpty()) {
      return Optional.of(new User(null, null));
    }
    int colon = info.indexOf(':');
    String name = decoded(colon < 0 ? info : info.substring(0, colon));
    String password = colon < 0 ? "" : decoded(info.substring(colon + 1));
    if (name.isEmpty() || !PlainText.plain(name) || !PlainText.plain(password)) {
      return Optional.empty();
    }
    return Optional.of(new User(name, password.isEmpty() ? null : Secret.of(password)));
  }

  /** A plus sign is itself in this part of a URL. */
  private static String decoded(String raw) {
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
