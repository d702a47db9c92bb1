package dev.evertoken.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a row shows of its refresh token.
 *
 * @param present whether it has one
 * @param sequence grows when the refresh token changes
 * @param expiresAt when the refresh token ends by itself, as far as that is known, or null
 */
public record RefreshTokenState(
    boolean present, long sequence, @Nullable Instant expiresAt, Doubt doubt) {

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
