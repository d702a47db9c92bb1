package dev.evertoken.adapter.journal;

/** The answer could not be put on disk; without a stack trace, as disks fill. */
public final class EscrowUnusable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EscrowUnusable(String why) {
    super(why, null, false, false);
  }
}
