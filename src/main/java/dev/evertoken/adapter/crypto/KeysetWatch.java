package dev.evertoken.adapter.crypto;

import dev.evertoken.domain.Secret;
import java.io.IOException;
import java.time.Duration;
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

  /** A ciphertext that nobody's key has sealed must not make every request read the file. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final KeysetFile file;
  private final TinkSealer sealer;
  private @Nullable Secret seen;
  private boolean unreadable;
  private long lookedAt = System.nanoTime() - BETWEEN_LOOKS.toNanos();
  private volatile boolean good = true;
  private volatile Runnable changed = () -> {};

  /**
   * Watches a file.
   *
   * @param file whose keyset the sealer was made with
   */
  public KeysetWatch(KeysetFile file, TinkSealer sealer) {
    this.file = file;
    this.sealer = sealer;
    sealer.onUnknownKey(this::look);
  }

  /** What is told, on any thread, that other keys are in use; it must not block. */
  public void onChange(Runnable action) {
    changed = action;
  }

  /** Whether the keys of the file, as it was last read, are those in use. */
  public boolean good() {
    return good;
  }

  /** Reads the file, and uses its keyset if it is another one; logs a bad one once. */
  public synchronized void check() {
    try {
      Secret content = file.content();
      if (unreadable || !content.equals(seen)) {
        unreadable = false;
        seen = content;
        good = take(Keyset.parse(content));
      }
    } catch (IOException e) {
      if (!unreadable) {
        unreadable = true;
        good = refuse("it cannot be read (" + e.getClass().getSimpleName() + ")");
      }
    } catch (Keyset.BadKeyset e) {
      good = refuse("it is " + e.getMessage());
    }
  }

  /**
   * The same on the caller's thread, at most every 200 ms: a few hundred bytes, which somebody's
   * token waits for.
   */
  private synchronized void look() {
    long now = System.nanoTime();
    if (now - lookedAt >= BETWEEN_LOOKS.toNanos()) {
      lookedAt = now;
      check();
    }
  }

  private boolean take(Keyset keyset) {
    Keyset used = sealer.keyset();
    if (keyset.json().equals(used.json())) {
      return true;
    }
    // A wrong file in the right place would leave everything that is stored unreadable.
    if (!keyset.holds(used.primaryId())) {
      return refuse("it lacks the key that is the primary one now");
    }
    sealer.use(keyset);
    LOG.atInfo()
        .addKeyValue("keys", keyset.size())
        .addKeyValue("primary", Integer.toUnsignedString(keyset.primaryId()))
        .log("keyset_changed");
    changed.run();
    return true;
  }

  private boolean refuse(String why) {
    LOG.atError()
        .addKeyValue("file", file.path())
        .addKeyValue("cause", why + "; the former keys stay in use")
        .log("keyset_refused");
    return false;
  }
}
