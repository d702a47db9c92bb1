package dev.evertoken.port;

import io.vertx.core.Future;
import java.util.List;

/**
 * Everything sealed in PostgreSQL, to be brought under the primary key; each write compares the
 * ciphertext that was read, so that whatever somebody else has written meanwhile stays.
 */
public interface SealedRows {

  /** The id of the primary key of this node. */
  String primaryKey();

  /** The ids of all its keys. */
  List<String> knownKeys();

  /** Whatever belongs to no account: the installation's own key, the proxies' passwords. */
  Future<Resealed> resealShared();

  /** The accounts after that id, deleted ones included; an empty page is the end. */
  Future<Page> resealAccounts(long afterId, int limit);

  /**
   * How many ciphertexts were sealed again.
   *
   * @param left how many could not be opened, and stay as they are
   */
  record Resealed(int done, int left) {

    public static final Resealed NONE = new Resealed(0, 0);

    /** Both together. */
    public Resealed and(Resealed other) {
      return new Resealed(done + other.done, left + other.left);
    }
  }

  /**
   * One page.
   *
   * @param accounts the ids in it, ascending
   */
  record Page(List<Long> accounts, Resealed resealed) {

    public Page {
      accounts = List.copyOf(accounts);
    }
  }
}
