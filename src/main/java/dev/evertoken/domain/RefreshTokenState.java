package dev.evertoken.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a row shows of its refresh token.
 *
 * @param present whether it has one
 * @param sequence grows when the refresh token changes
 * @param expiresAt when the refresh token ends in any case, as far as that is known, or null
 * @param idleAt when it ends unless it is used, or null
 */
public record RefreshTokenState(
    boolean present,
    long sequence,
    @Nullable Instant expiresAt,
    @Nullable Instant idleAt,
    Doubt doubt) {

  /** One that does not end by being left alone. */
  public RefreshTokenState(
      boolean present, long sequence, @Nullable Instant expiresAt, Doubt doubt) {
    this(present, sequence, expiresAt, null, doubt);
  }

  /** When it ends by itself, as far as that is known, or null. */
  public @Nullable Instant endsAt() {
    if (expiresAt == null || idleAt == null) {
      return expiresAt == null ? idleAt : expiresAt;
    }
    return idleAt.isBefore(expiresAt) ? idleAt : expiresAt;
  }

  /**
   * Whether the refresh token may have been spent without anybody knowing its successor.
   *
   * @param unknownSince since when it is not known whether a presented token was spent, or null
   * @param tries how often it ended so, in a row
   * @param unreadableSince since when an answer that nobody can read lies in an escrow: nothing is
   *     presented by itself meanwhile; or null
   */
  public record Doubt(
      @Nullable Instant unknownSince, int tries, @Nullable Instant unreadableSince) {
    public static final Doubt NONE = new Doubt(null, 0, null);
  }
}
