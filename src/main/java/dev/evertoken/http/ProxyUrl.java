package dev.evertoken.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.evertoken.domain.Secret;
import java.net.URLEncoder;
import org.jspecify.annotations.Nullable;

/** Writes the URL of a proxy (RFC 3986), such as {@link ProxyRequests#address} reads. */
final class ProxyUrl {

  private ProxyUrl() {}

  /**
   * The URL; it holds the password that it is given.
   *
   * @param host a name or an address, an IPv6 address without brackets
   */
  static String of(
      String kind, @Nullable String user, @Nullable Secret password, String host, long port) {
    String login =
        user == null
            ? ""
            : encoded(user) + (password == null ? "" : ":" + revealed(password)) + "@";
    return kind + "://" + login + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static String revealed(Secret password) {
    return encoded(password.reveal());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
