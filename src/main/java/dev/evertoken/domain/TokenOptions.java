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
 * @param trace names the request in the log lines of a refresh that it starts, or null
 */
public record TokenOptions(
    @Nullable Duration minTtl,
    @Nullable Duration maxWait,
    @Nullable Long ifGenerationNot,
    @Nullable String platform,
    boolean includeBenched,
    Set<Long> exclude,
    @Nullable String session,
    @Nullable Trace trace) {

  /** What a caller asks, without a name for the log. */
  public TokenOptions(
      @Nullable Duration minTtl,
      @Nullable Duration maxWait,
      @Nullable Long ifGenerationNot,
      @Nullable String platform,
      boolean includeBenched,
      Set<Long> exclude,
      @Nullable String session) {
    this(minTtl, maxWait, ifGenerationNot, platform, includeBenched, exclude, session, null);
  }

  public static final TokenOptions NONE =
      new TokenOptions(null, null, null, null, false, Set.of(), null);

  public TokenOptions {
    exclude = Set.copyOf(exclude);
  }

  public TokenOptions withMaxWait(Duration wait) {
    return new TokenOptions(
        minTtl, wait, ifGenerationNot, platform, includeBenched, exclude, session, trace);
  }

  /** The same in a request of that name. */
  public TokenOptions tracedBy(Trace other) {
    return new TokenOptions(
        minTtl, maxWait, ifGenerationNot, platform, includeBenched, exclude, session, other);
  }

  /** The name of the request, or null. */
  public @Nullable String traceId() {
    return trace == null ? null : trace.id();
  }
}
