package dev.evertoken.domain;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of a token (contract, section 3).
 *
 * @param minTtl the answer lives at least this long, or the call refreshes first; null: no demand
 * @param maxWait how long the caller waits, 0 to 30 s; null: the platform's request timeout
 * @param ifGenerationNot the caller's token of that generation is no good
 * @param platform a guard: another platform's account is refused
 * @param exclude accounts that a pool must not pick
 * @param session the same string keeps getting the same account of a pool
 */
public record TokenOptions(
    @Nullable Duration minTtl,
    @Nullable Duration maxWait,
    @Nullable Long ifGenerationNot,
    @Nullable String platform,
    boolean includeBenched,
    Set<Long> exclude,
    @Nullable String session) {

  public static final TokenOptions NONE =
      new TokenOptions(null, null, null, null, false, Set.of(), null);

  public TokenOptions {
    exclude = Set.copyOf(exclude);
  }

  public TokenOptions withMaxWait(Duration wait) {
    return new TokenOptions(
        minTtl, wait, ifGenerationNot, platform, includeBenched, exclude, session);
  }
}
