package dev.evertoken.boot.settings;

import dev.evertoken.domain.Rotation;
import dev.evertoken.domain.Secret;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The kinds of values that only a provider's template knows. */
final class ProviderKinds {

  private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");

  private static final Pattern PATH =
      Pattern.compile("[A-Za-z0-9_$@:-]{1,64}(\\.[A-Za-z0-9_$@:-]{1,64}){0,7}");

  private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7E]{1,1000}");

  static final Kind<Rotation> ROTATION =
      Kind.open(
          "none, until_used, strict, or {grace: 30s}",
          text ->
              switch (text) {
                case "none" -> Optional.of(new Rotation.None());
                case "until_used" -> Optional.of(new Rotation.UntilUsed());
                case "strict" -> Optional.of(new Rotation.Strict());
                default -> Optional.empty();
              });

  static final Kind<Boolean> PKCE =
      Kind.open(
          "S256 or none",
          text ->
              switch (text) {
                case "S256" -> Optional.of(true);
                case "none" -> Optional.of(false);
                default -> Optional.empty();
              });

  /** RFC 6749, section 3.3. */
  static final Kind<String> SCOPE_TOKEN =
      Kind.open(
          "a scope, without blanks and quotes",
          text -> SCOPE.matcher(text).matches() ? Optional.of(text) : Optional.empty());

  static final Kind<Lifetime> LIFETIME =
      Kind.open(
          "a duration such as 1h, or never",
          text ->
              text.equals("never")
                  ? Optional.of(new Lifetime(null))
                  : Durations.parse(text).filter(Duration::isPositive).map(Lifetime::new));

  /** Whether a refresh names the scopes. */
  static final Kind<Boolean> REFRESH_SCOPE = either("send", "omit");

  /** Whether a lifetime of zero has no end. */
  static final Kind<Boolean> ZERO = either("never", "expired");

  /** A place in an answer. */
  static final Kind<String> PLACE =
      Kind.open(
          "a dotted path such as data.access_token or errors.0.code",
          text -> PATH.matcher(text).matches() ? Optional.of(text) : Optional.empty());

  /** RFC 9110, section 5.5, in ASCII; it may be a key. */
  static final Kind<Secret> HEADER_VALUE =
      new Kind<>(
          "visible ASCII characters and blanks, 1000 at the most",
          text -> VISIBLE.matcher(text).matches() ? Optional.of(Secret.of(text)) : Optional.empty(),
          Secret::toString,
          text -> "***");

  /** A status that is read for a code. */
  static final Kind<Integer> REFUSING_STATUS =
      Kind.open(
          "a status from 200 to 299 or from 400 to 499, but not 408, 425 and 429",
          text -> Kinds.integer(200, 499).read(text).filter(ProviderKinds::refuses));

  private ProviderKinds() {}

  private static boolean refuses(int status) {
    return status / 100 != 3 && status != 408 && status != 425 && status != 429;
  }

  private static Kind<Boolean> either(String yes, String no) {
    return new Kind<>(
        "one of " + yes + ", " + no,
        text ->
            text.equals(yes)
                ? Optional.of(true)
                : text.equals(no) ? Optional.of(false) : Optional.empty(),
        value -> value ? yes : no,
        text -> text);
  }

  /** A lifetime; null: it does not end. */
  record Lifetime(@Nullable Duration value) {}
}
