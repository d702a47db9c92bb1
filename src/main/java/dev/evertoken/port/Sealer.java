package dev.evertoken.port;

import dev.evertoken.domain.Secret;
import java.util.List;

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

  /** The id of the primary key, which seals. */
  String primary();

  /** The ids of all keys, which open. */
  List<String> known();

  /** The same content under the primary key; fails with {@link CannotOpen}. */
  default byte[] reseal(byte[] sealed, String context) {
    return seal(open(sealed, context), context);
  }

  /** The ciphertext was tampered with, belongs elsewhere, or its key is unknown. */
  final class CannotOpen extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean unknownKey;

    public CannotOpen(String why) {
      this(why, false);
    }

    /**
     * Says why.
     *
     * @param unknownKey whether the key is not in the keyset of this node, which says nothing
     *     against the ciphertext
     */
    public CannotOpen(String why, boolean unknownKey) {
      super(why, null, false, false);
      this.unknownKey = unknownKey;
    }

    public boolean unknownKey() {
      return unknownKey;
    }
  }
}
