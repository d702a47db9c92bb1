package dev.evertoken.domain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an answer of a token endpoint means. */
public sealed interface Judgement {

  /**
   * A usable token (RFC 6749, section 5.1).
   *
   * @param refreshToken the next refresh token; null: the presented one stays
   * @param lifetime zero when the provider says that it has already ended; null: it does not end
   * @param projectId where the provider sends one along
   */
  record Tokens(
      Secret accessToken,
      @Nullable Secret refreshToken,
      @Nullable Duration lifetime,
      @Nullable String projectId,
      @Nullable String warning)
      implements Judgement {}

  /** The grant is gone; {@code code} is the provider's. */
  record Permanent(String code) implements Judgement {}

  /** Our client or its settings were refused. */
  record ProviderConfig(String code) implements Judgement {}

  /** The provider answered that it did not do it; trying again is safe. */
  record Transient(String why) implements Judgement {}

  record Throttled(Duration retryAfter) implements Judgement {}

  /** The refresh token may have been spent, and no new one is known. */
  record Unknown(String why) implements Judgement {}
}
