package dev.evertoken.memory;

import dev.evertoken.domain.Account;
import dev.evertoken.port.Time;
import dev.evertoken.port.TokenCache;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A Redis in memory, which each node reaches by a {@link #link} of its own. Entries are ordered by
 * revision; a removal leaves a tombstone. As the real adapter does, a link that was down makes up
 * for the writes that it missed before it reads again.
 */
public final class MemoryTokenCache {

  private static final Duration TOMBSTONE = Duration.ofHours(2);

  /**
   * An entry.
   *
   * @param account null: a tombstone
   */
  private record Entry(long revision, @Nullable Account account, Instant until) {}

  private final Time clock;
  private Map<Long, Entry> entries = new HashMap<>();

  public MemoryTokenCache(Time clock) {
    this.clock = clock;
  }

  /** What it holds now, to go back to. */
  public Object backup() {
    return new HashMap<>(entries);
  }

  /** Goes back to what it held then. */
  @SuppressWarnings("unchecked")
  public void restore(Object backup) {
    entries = new HashMap<>((Map<Long, Entry>) backup);
  }

  /** Loses everything. */
  public void flush() {
    entries.clear();
  }

  /** The cache as one node reaches it. */
  public Link link() {
    return new Link();
  }

  private Optional<Account> read(long account) {
    Entry entry = entries.get(account);
    return entry == null || !clock.instant().isBefore(entry.until)
        ? Optional.empty()
        : Optional.ofNullable(entry.account);
  }

  private void write(long account, Entry entry, boolean equalToo) {
    Entry had = entries.get(account);
    boolean newer =
        had == null
            || !clock.instant().isBefore(had.until)
            || had.revision < entry.revision
            || (equalToo && had.revision == entry.revision);
    if (newer) {
      entries.put(account, entry);
    }
  }

  private void bury(long account, long revision, boolean onlyHeld) {
    if (!onlyHeld || entries.containsKey(account)) {
      write(account, new Entry(revision, null, clock.instant().plus(TOMBSTONE)), true);
    }
  }

  /** One node's way to the cache. */
  public final class Link implements TokenCache {

    private final Map<Long, Long> missed = new TreeMap<>();
    private final Map<Long, Long> missedRemovals = new TreeMap<>();
    private boolean up = true;

    private Link() {}

    /** Cuts the way, or opens it again. */
    public void up(boolean usable) {
      up = usable;
      if (up) {
        missedRemovals.forEach((account, revision) -> bury(account, revision, false));
        missed.forEach((account, revision) -> bury(account, revision, true));
        missedRemovals.clear();
        missed.clear();
      }
    }

    @Override
    public boolean up() {
      return up;
    }

    @Override
    public Future<Optional<Account>> get(long account) {
      return Future.succeededFuture(up ? read(account) : Optional.empty());
    }

    @Override
    public Future<Void> put(Account account, Duration ttl) {
      if (up) {
        Instant until = clock.instant().plus(ttl.isPositive() ? ttl : Duration.ofMillis(1));
        write(account.id(), new Entry(account.revision(), account, until), false);
      } else {
        missed.merge(account.id(), account.revision(), Math::max);
      }
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> remove(long account, long revision) {
      if (up) {
        bury(account, revision, false);
      } else {
        missedRemovals.merge(account, revision, Math::max);
      }
      return Future.succeededFuture();
    }

    @Override
    public Future<Integer> reseal(List<Long> accounts) {
      return up ? Future.succeededFuture(0) : Future.failedFuture(MemoryDatabase.unavailable());
    }
  }
}
