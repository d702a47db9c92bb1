package dev.evertoken.http;

import dev.evertoken.domain.ProxyKind;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.UrlAuthority;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.ProxyStore.NewProxy;
import dev.evertoken.wire.RequestFields;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the bodies that create and change proxies; a wrong URL is never repeated in the answer. */
final class ProxyRequests {

  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_URL = 1000;
  private static final String EXPECTED =
      Arrays.stream(ProxyKind.values()).map(WireName::of).collect(Collectors.joining("|"))
          + "://user:password@host:port is expected, user and password as needed, in UTF-8 and"
          + " percent-encoded";

  /** What stands for itself and is not ASCII, or a plus sign, which is no space here. */
  private static final Pattern UNENCODED = Pattern.compile("[^\\x00-\\x7f]+|\\+");

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
    return UrlAuthority.of(uri)
        .filter(server -> bare(uri) && port(server.port()))
        .flatMap(
            server ->
                kind(uri).flatMap(kind -> user(server).map(user -> address(kind, server, user))));
  }

  /**
   * The kind of a scheme in any case. Every proxy resolves names, which is what an h stands for.
   */
  private static Optional<ProxyKind> kind(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    return WireName.parse(ProxyKind.class, scheme.equals("socks5h") ? "socks5" : scheme);
  }

  private static boolean bare(URI uri) {
    return (uri.getRawPath() == null || uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null;
  }

  private static NewProxy address(ProxyKind kind, UrlAuthority server, User user) {
    return new NewProxy("", kind, server.host(), server.port(), user.name(), user.password());
  }

  private static boolean port(int port) {
    return port > 0 && port <= 65535;
  }

  private record User(@Nullable String name, @Nullable Secret password) {}

  /** Empty: there is something no proxy login can carry. */
  private static Optional<User> user(UrlAuthority server) {
    String info = server.rawUserInfo();
    if (info == null || info.isEmpty()) {
      return Optional.of(new User(null, null));
    }
    int colon = info.indexOf(':');
    String name = decoded(colon < 0 ? info : info.substring(0, colon));
    String password = colon < 0 ? "" : decoded(info.substring(colon + 1));
    return name == null
            || password == null
            || name.isEmpty()
            || !PlainText.plain(name)
            || !PlainText.plain(password)
        ? Optional.empty()
        : Optional.of(new User(name, password.isEmpty() ? null : Secret.of(password)));
  }

  /**
   * The text that a part of the login stands for; null: its bytes are no UTF-8, and would not be
   * sent as they were meant.
   */
  private static @Nullable String decoded(String raw) {
    String ascii =
        UNENCODED
            .matcher(raw)
            .replaceAll(found -> URLEncoder.encode(found.group(), StandardCharsets.UTF_8));
    try {
      byte[] bytes =
          URLDecoder.decode(ascii, StandardCharsets.ISO_8859_1)
              .getBytes(StandardCharsets.ISO_8859_1);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException | IllegalArgumentException e) {
      return null;
    }
  }
}
