package dev.evertoken.adapter.crypto;

import dev.evertoken.domain.Secret;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a changed keyset file to the sealer; a file that is no good leaves the former keys in use.
 *
 * <p>Not timed by itself: {@link #check()} reads the file, off the event loop, whenever it is
 * called.
 */
public final class KeysetWatch {

  private static final Logger LOG = LoggerFactory.getLogger(KeysetWatch.class);

  private final KeysetFile file;
  private final TinkSealer sealer;
  private @Nullable Secret seen;
  private boolean unreadable;

  /**
   * Watches a file.
   *
   * @param file whose keyset the sealer was made with
   */
  public KeysetWatch(KeysetFile file, TinkSealer sealer) {
    this.file = file;
    this.sealer = sealer;
  }

  /** Reads the file, and uses its keyset if it is another one; logs a bad one once. */
  public synchronized void check() {
    try {
      Secret content = file.content();
      unreadable = false;
      if (!content.equals(seen)) {
        seen = content;
        take(Keyset.parse(content));
      }
    } catch (IOException e) {
      if (!unreadable) {
        unreadable = true;
        refuse("it cannot be read (" + e.getClass().getSimpleName() + ")");
      }
    } catch (Keyset.BadKeyset e) {
      refuse("it is " + e.getMessage());
    }
  }

  private void take(Keyset keyset) {
    Keyset used = sealer.keyset();
    if (keyset.json().equals(used.json())) {
      return;
    }
    // A wrong file in the right place would leave everything that is stored unreadable.
    if (!keyset.holds(used.primaryId())) {
      refuse("it lacks the key that is the primary one now");
      return;
    }
    sealer.use(keyset);
    LOG.atInfo()
        .addKeyValue("keys", keyset.size())
        .addKeyValue("primary", Integer.toUnsignedString(keyset.primaryId()))
        .log("keyset_changed");
  }

  private void refuse(String why) {
    LOG.atError()
        .addKeyValue("file", file.path())
        .addKeyValue("cause", why + "; the former keys stay in use")
        .log("keyset_refused");
  }
}
