package dev.evertoken.app.refresh;

import dev.evertoken.domain.Rotation;
import dev.evertoken.port.Escrow;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The answers in this node's escrow that were neither committed nor understood, by account. They go
 * when a later refresh of the account shows that their chain was superseded. Safe for any thread.
 */
public final class LeftAnswers {

  /** Where a token may be presented again, only the newest answers can still matter. */
  private static final int MOST_UNDER_GRACE = 3;

  private record Left(UUID attempt, long presentedSequence) {}

  private final Escrow escrow;
  private final Map<Long, Deque<Left>> byAccount = new ConcurrentHashMap<>();

  public LeftAnswers(Escrow escrow) {
    this.escrow = escrow;
  }

  /** The answer stays. */
  void add(UUID attempt, long account, long presentedSequence, Rotation rotation) {
    byAccount.compute(
        account,
        (id, known) -> {
          Deque<Left> left = known == null ? new ArrayDeque<>() : known;
          left.removeIf(other -> other.attempt().equals(attempt));
          left.addLast(new Left(attempt, presentedSequence));
          while (repeats(rotation) && left.size() > MOST_UNDER_GRACE) {
            escrow.discard(left.removeFirst().attempt());
          }
          return left;
        });
  }

  /** Whether an answer of the account is left. */
  boolean any(long account) {
    return byAccount.containsKey(account);
  }

  /**
   * A refresh token of that sequence was used with success: answers to earlier ones are superseded.
   */
  void superseded(long account, long sequence) {
    byAccount.computeIfPresent(
        account,
        (id, left) -> {
          List<Left> gone = left.stream().filter(l -> l.presentedSequence() < sequence).toList();
          gone.forEach(answer -> escrow.discard(answer.attempt()));
          left.removeAll(gone);
          return left.isEmpty() ? null : left;
        });
  }

  private static boolean repeats(Rotation rotation) {
    return switch (rotation) {
      case Rotation.Grace grace -> true;
      case Rotation.UntilUsed untilUsed -> true;
      case Rotation.None none -> true;
      case Rotation.Strict strict -> false;
    };
  }
}
