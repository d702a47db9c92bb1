package dev.evertoken.app.refresh;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.RefreshClass;

/** How one attempt ended, seen from the node that ran it. */
sealed interface AttemptEnd {

  /** The end of the refresh, written to the row or known not to need it. */
  record Over(RefreshOutcome outcome) implements AttemptEnd {
    static Over failed(Problem problem, RefreshClass result, Account account) {
      return new Over(new RefreshOutcome.Failed(problem, result, account));
    }
  }

  /** Another node holds the claim: its outcome is adopted. */
  record Follow(Account account, Claim claim) implements AttemptEnd {}

  /** The row is not what it was: decide again on it. */
  record Again() implements AttemptEnd {}
}
