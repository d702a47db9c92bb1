package dev.evertoken.boot.settings;

import dev.evertoken.domain.AddressRange;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.UrlAuthority;
import dev.evertoken.domain.WireName;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of values that the configuration knows. */
final class Kinds {

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[?[0-9a-fA-F:.]+]?");

  private static final Pattern SERVER =
      Pattern.compile("(?:([0-9.]+)|\\[([0-9a-fA-F:.]+)])(?::([0-9]{1,5}))?");

  static final Kind<String> TEXT = Kind.open("a text", Optional::of);

  static final Kind<String> HOST_NAME =
      Kind.open(
          "a host name or address",
          text -> HOST.matcher(text).matches() ? Optional.of(text) : Optional.empty());

  static final Kind<String> NAME_SERVER =
      Kind.open(
          "an address such as 10.0.0.53, with or without a port",
          text -> isServer(text) ? Optional.of(text) : Optional.empty());

  static final Kind<Boolean> SWITCH =
      Kind.open(
          "true or false",
          text ->
              switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> Optional.of(true);
                case "false" -> Optional.of(false);
                default -> Optional.empty();
              });

  static final Kind<Integer> PORT = integer(0, 65535);

  static final Kind<Path> PATH = Kind.open("a path", Kinds::path);

  static final Kind<Path> READABLE_FILE =
      Kind.open("a readable file", text -> path(text).filter(Files::isReadable));

  static final Kind<Secret> SECRET =
      new Kind<>("a text", text -> Optional.of(Secret.of(text)), Secret::toString, text -> "***");

  private Kinds() {}

  static Kind<Integer> integer(int least, int most) {
    return Kind.open(
        "an integer, %d to %d".formatted(least, most),
        text -> {
          try {
            int value = Integer.parseInt(text);
            return value >= least && value <= most ? Optional.of(value) : Optional.empty();
          } catch (NumberFormatException e) {
            return Optional.empty();
          }
        });
  }

  /** A positive number with a fraction. */
  static Kind<Double> rate(double most) {
    return Kind.open(
        "a number above 0, up to %.0f".formatted(most),
        text -> {
          try {
            double value = Double.parseDouble(text);
            return value > 0 && value <= most ? Optional.of(value) : Optional.empty();
          } catch (NumberFormatException e) {
            return Optional.empty();
          }
        });
  }

  static Kind<Duration> duration(Duration least, Duration most) {
    return Kind.open(
            "a duration such as 250ms, 8s, 10m, 1h or 90d, from %s to %s"
                .formatted(Durations.text(least), Durations.text(most)),
            (String text) ->
                Durations.parse(text)
                    .filter(value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0))
        .shownAs(Durations::text);
  }

  static <E extends Enum<E>> Kind<E> oneOf(Class<E> type) {
    String names =
        Arrays.stream(type.getEnumConstants()).map(WireName::of).collect(Collectors.joining(", "));
    return Kind.open("one of " + names, (String text) -> WireName.parse(type, text))
        .shownAs(WireName::of);
  }

  /**
   * An address that may hold a password, so it is kept as a secret and shown without.
   *
   * @param named whether it names a host that its client can read
   */
  static Kind<Secret> secretUri(String allowed, Set<String> schemes, Predicate<URI> named) {
    Function<String, Optional<Secret>> reader =
        text ->
            uri(text)
                .filter(uri -> schemes.contains(uri.getScheme()) && named.test(uri))
                .map(uri -> Secret.of(text));
    return new Kind<>(allowed, reader, secret -> Redacted.uri(secret.reveal()), Redacted::uri);
  }

  /** An endpoint that secrets are sent to: TLS except to this machine. */
  static Kind<URI> endpoint() {
    return new Kind<>(
        "an https URL without user and fragment (http only to loopback)",
        text -> uri(text).filter(Kinds::isEndpoint),
        uri -> Redacted.uri(uri.toString()),
        Redacted::uri);
  }

  private static boolean isServer(String text) {
    Matcher parts = SERVER.matcher(text);
    return parts.matches()
        && AddressRange.parse(Objects.requireNonNullElse(parts.group(1), parts.group(2)))
            .isPresent()
        && (parts.group(3) == null || PORT.read(parts.group(3)).isPresent());
  }

  private static boolean isEndpoint(URI uri) {
    return uri.getRawFragment() == null
        && UrlAuthority.of(uri).filter(to -> isEndpoint(uri.getScheme(), to)).isPresent();
  }

  private static boolean isEndpoint(String scheme, UrlAuthority to) {
    return to.rawUserInfo() == null
        && to.port() <= 65535
        && ("https".equals(scheme) || ("http".equals(scheme) && Loopback.is(to.host())));
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(new URI(text)).filter(uri -> uri.getScheme() != null);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
