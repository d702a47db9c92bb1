package dev.evertoken.app;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.port.RefreshClaims.Take.Taken;
import java.time.Instant;

/**
 * Where one refresh stands, seen from the node that runs it; {@code docs/architecture.md} says for
 * every edge who may die there and what the next reader of the row sees.
 */
sealed interface RefreshStage {

  /** Not ours to run: somebody holds the claim, and its outcome is adopted. */
  record Following(Account account, Claim claim) implements RefreshStage {}

  /** The row is not what it was: decide again on it. */
  record Again(Account account) implements RefreshStage {}

  /** The claim is ours, and nothing has been sent. */
  record Claimed(Taken taken) implements RefreshStage {}

  /** The provider answered, and nothing has been written. */
  record Answered(RawAnswer answer, Instant requestedAt) implements RefreshStage {}

  /** Nothing was sent, and the claim is still ours: the attempt may be repeated. */
  record Unsent(boolean proxyFault, String why) implements RefreshStage {}

  /** It was sent, and no answer is known. */
  record Unanswered(String why) implements RefreshStage {}

  /** There are tokens: from here on only the commit counts, however long it takes. */
  record Delivering(Judgement.Tokens tokens, Instant requestedAt) implements RefreshStage {}

  /** The end, written to the row or known not to need it. */
  record Done(RefreshOutcome outcome) implements RefreshStage {

    static Done failed(Problem problem, RefreshClass result, Account account) {
      return new Done(new RefreshOutcome.Failed(problem, result, account));
    }
  }
}
