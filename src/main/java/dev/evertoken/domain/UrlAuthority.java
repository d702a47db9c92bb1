package dev.evertoken.domain;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The authority of a URL: who logs in, to which host, at which port.
 *
 * <p>{@link URI#getHost()} follows RFC 2396 and returns null for a name with an underscore, which
 * Docker Compose, Kubernetes and private DNS zones use all the same.
 *
 * @param rawUserInfo still percent-encoded; null: there is none
 * @param host a name or an address, an IPv6 address without brackets
 * @param port -1: none is given
 */
public record UrlAuthority(@Nullable String rawUserInfo, String host, int port) {

  private static final Pattern FORM =
      Pattern.compile("(?:(.*)@)?([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253}))(?::(\\d{0,5}))?");

  /**
   * A host whose last label is a number: resolvers read {@code 2130706433} and {@code 0x7f.1} as
   * IPv4 addresses, past whoever looks at the name.
   */
  private static final Pattern NUMBER =
      Pattern.compile("(?:[^:]*\\.)?(?:\\d+|0[xX][0-9a-fA-F]*)\\.?");

  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");

  /** Empty: the URL names no host, or one that cannot be. */
  public static Optional<UrlAuthority> of(URI url) {
    return parts(url).filter(parts -> !NUMBER.matcher(parts.host()).matches() || parts.isIpv4());
  }

  private static Optional<UrlAuthority> parts(URI url) {
    if (url.getHost() != null) {
      String host = url.getHost().replaceAll("^\\[|]$", "");
      return Optional.of(new UrlAuthority(url.getRawUserInfo(), host, url.getPort()));
    }
    Matcher parts = FORM.matcher(url.getRawAuthority() == null ? "" : url.getRawAuthority());
    return parts.matches()
        ? Optional.of(new UrlAuthority(parts.group(1), parts.group(2), port(parts.group(3))))
        : Optional.empty();
  }

  private boolean isIpv4() {
    return IPV4.matcher(host).matches();
  }

  /** The host as URLs and the Host header write it. */
  public String hostInUrl() {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private static int port(@Nullable String digits) {
    return digits == null || digits.isEmpty() ? -1 : Integer.parseInt(digits);
  }

  /** Without the login. */
  @Override
  public String toString() {
    return hostInUrl() + (port < 0 ? "" : ":" + port);
  }
}
