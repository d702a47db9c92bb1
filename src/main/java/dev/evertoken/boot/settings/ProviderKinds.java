package dev.evertoken.boot.settings;

import dev.evertoken.domain.Rotation;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The kinds of values that only a provider's template knows. */
final class ProviderKinds {

  private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");

  static final Kind<Rotation> ROTATION =
      Kind.open(
          "none, strict, or {grace: 30s}",
          text ->
              switch (text) {
                case "none" -> Optional.of(new Rotation.None());
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

  private ProviderKinds() {}

  /** A lifetime; null: it does not end. */
  record Lifetime(@Nullable Duration value) {}
}
