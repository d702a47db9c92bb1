package dev.evertoken.port;

import dev.evertoken.domain.KeyRefusal;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.TokenSource;
import dev.evertoken.domain.TokenState;
import dev.evertoken.domain.Trigger;
import java.time.Duration;

/** The counts and times of the contract, section 3; never labelled by account. */
public interface Metrics {

  void tokenAnswered(String platform, TokenSource source, TokenState state);

  void tokenFailed(ProblemCode code);

  /** A call was refused for its API key. */
  void keyRefused(KeyRefusal why);

  void refreshed(String platform, RefreshClass result, Trigger trigger, Duration took);

  /** An answer came that nobody can read; the escrow keeps it. */
  void answerUnreadable(String platform);

  /** What a provider does differs from its template in that way. */
  void unlikeTemplate(String platform, String kind);

  /**
   * A stretch of background work has ended.
   *
   * @param taken how many due accounts it took in hand
   * @param putOff how many of them wait for their route, and were not tried
   */
  void backgroundCycle(int taken, int putOff, Duration took);

  /** Rows of that kind that nobody needs any more were deleted. */
  void tidied(String kind, int rows);
}
