package dev.evertoken.app;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Blocker;
import java.util.List;

/** An account with what keeps it from being picked now. */
public record AccountView(Account account, List<Blocker> blockedBy) {

  public AccountView {
    blockedBy = List.copyOf(blockedBy);
  }
}
