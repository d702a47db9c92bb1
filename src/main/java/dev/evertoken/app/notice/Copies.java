package dev.evertoken.app.notice;

import dev.evertoken.domain.Account;

/** This node's copies of accounts, and those in Redis. Safe for any thread. */
public interface Copies {

  /** Keeps a row that was just written; older copies are not served any more. */
  void keepWritten(Account row);

  /** Somebody else wrote this revision: lower ones are not served any more. */
  void heardOf(long account, long revision);

  /** Forgets an account that was deleted. */
  void forget(Account last);
}
