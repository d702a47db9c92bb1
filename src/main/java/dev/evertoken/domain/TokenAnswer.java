package dev.evertoken.domain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token that is valid now, with the one revision of the account that it was read from.
 *
 * @param tokenType as the provider names it, most often {@code Bearer}; {@code ApiKey} for a static
 *     key
 * @param expiresAt the stored, early expiry; null: it does not end
 * @param refreshAfter when a refresh falls due, or null
 */
public record TokenAnswer(
    Secret accessToken,
    String tokenType,
    @Nullable Instant expiresAt,
    Account account,
    TokenState state,
    @Nullable Instant refreshAfter,
    List<Warning> warnings) {

  public TokenAnswer {
    warnings = List.copyOf(warnings);
  }
}
