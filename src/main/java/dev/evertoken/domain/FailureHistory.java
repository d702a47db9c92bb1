package dev.evertoken.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What an account's failed exchanges say about the account itself (semantics, section 3, Blame); a
 * success ends it.
 *
 * @param previous when the exchange before the latest one failed, or null
 * @param latest when the latest exchange failed, or null: it did not
 * @param own whether the account fails for its own reasons: another account succeeded on its route
 *     between two failures of this one
 * @param refusals how many refusals without a known code came in a row
 * @param refusedSince when the first of them came, or null
 */
public record FailureHistory(
    @Nullable Instant previous,
    @Nullable Instant latest,
    boolean own,
    int refusals,
    @Nullable Instant refusedSince) {

  public static final FailureHistory NONE = new FailureHistory(null, null, false, 0, null);

  private static final int REFUSALS = 5;
  private static final Duration REFUSED_FOR = Duration.ofHours(1);

  /**
   * The history after an exchange that failed.
   *
   * @param others when other accounts succeeded on the same route
   * @param refused whether it was refused without a known code
   */
  public FailureHistory failed(Instant at, Collection<Instant> others, boolean refused) {
    Instant before = latest;
    boolean between =
        before != null && others.stream().anyMatch(o -> o.isAfter(before) && o.isBefore(at));
    return new FailureHistory(
        before,
        at,
        own || between,
        refused ? refusals + 1 : 0,
        refused ? (refusedSince == null ? at : refusedSince) : null);
  }

  /** Whether it was refused so often, for so long, that it is the account's grant. */
  public boolean refusedForGood(Instant now) {
    return refusals >= REFUSALS
        && refusedSince != null
        && !now.isBefore(refusedSince.plus(REFUSED_FOR));
  }
}
