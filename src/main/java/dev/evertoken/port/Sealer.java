package dev.evertoken.port;

import dev.evertoken.domain.Secret;

/**
 * Authenticated encryption of what is stored; each ciphertext carries the id of its key. Safe for
 * any thread.
 */
public interface Sealer {

  /** Seals for a context, what the ciphertext belongs to: it opens only with the same. */
  byte[] seal(Secret plain, String context);

  /** Fails with {@link CannotOpen}. */
  Secret open(byte[] sealed, String context);

  /** Whether the ciphertext is of the primary key; one that is not is sealed again by a rewrap. */
  boolean current(byte[] sealed);

  /** The ciphertext was tampered with, belongs elsewhere, or its key is unknown. */
  final class CannotOpen extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CannotOpen(String why) {
      super(why, null, false, false);
    }
  }
}
