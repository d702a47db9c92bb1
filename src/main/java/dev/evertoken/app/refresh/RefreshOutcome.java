package dev.evertoken.app.refresh;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.RefreshClass;

/** How a refresh ended, for everyone who waited for it. */
public sealed interface RefreshOutcome {

  /** The row as it is now. */
  Account account();

  record Refreshed(Account account) implements RefreshOutcome {}

  record Failed(Problem problem, RefreshClass result, Account account) implements RefreshOutcome {}
}
