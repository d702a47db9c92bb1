package dev.evertoken.app;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.evertoken.domain.Account;
import dev.evertoken.port.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * This node's own copies of accounts: bounded, ordered by revision, each good for a short time
 * after it was last checked. A revision heard of elsewhere makes lower ones worthless at once.
 */
final class NearCache {

  /** How long a revision that was heard of is remembered: longer than a copy elsewhere can live. */
  private static final Duration FLOOR_LIFE = Duration.ofHours(2);

  private record Held(Account account, long checkedAt) {}

  private final Cache<Long, Held> held;

  /** Of accounts that are not held; one that is held is its own floor. */
  private final Cache<Long, Long> floors;

  private final Time time;
  private final Duration maxAge;
  private final Duration maxOutage;

  NearCache(Time time, Duration maxAge, Duration maxOutage, long maxEntries) {
    this.time = time;
    this.maxAge = maxAge;
    this.maxOutage = maxOutage;
    this.floors =
        Caffeine.newBuilder()
            .maximumSize(maxEntries)
            .expireAfterWrite(FLOOR_LIFE)
            .ticker(time::nanos)
            .executor(Runnable::run)
            .build();
    this.held =
        Caffeine.newBuilder()
            .maximumSize(maxEntries)
            .executor(Runnable::run)
            .evictionListener(this::evicted)
            .build();
  }

  /** The copy that may be served without asking anybody. */
  @Nullable Account fresh(long id) {
    return fresh(id, ageing -> {});
  }

  /**
   * The same.
   *
   * @param ageing called with the id where more than half of the copy's time is over
   */
  @Nullable Account fresh(long id, LongConsumer ageing) {
    Held entry = held.getIfPresent(id);
    if (entry == null) {
      return null;
    }
    long age = age(entry);
    if (age > maxAge.toNanos()) {
      return null;
    }
    if (age > maxAge.toNanos() / 2) {
      ageing.accept(id);
    }
    return entry.account();
  }

  /** The copy that may be served while nobody can be asked. */
  Optional<Account> duringOutage(long id) {
    Held entry = held.getIfPresent(id);
    return entry == null || age(entry) > maxOutage.toNanos()
        ? Optional.empty()
        : Optional.of(entry.account());
  }

  /**
   * Keeps what was just read, unless something newer is known; answers whether it may be served.
   */
  boolean keep(Account account) {
    Held kept = held.asMap().compute(account.id(), (id, old) -> newest(id, old, account));
    return kept != null && kept.account().revision() == account.revision();
  }

  /** The account has this revision, or a higher one: lower ones are worthless. */
  void heardOf(long id, long revision) {
    Held entry = held.getIfPresent(id);
    if (entry == null || entry.account().revision() < revision) {
      floors.asMap().merge(id, revision, Math::max);
      held.asMap()
          .computeIfPresent(id, (key, old) -> old.account().revision() < revision ? null : old);
    }
  }

  /** The account is gone: no copy up to and including this revision is served. */
  void gone(long id, long revision) {
    heardOf(id, revision + 1);
  }

  /** Decided while nobody else can change the entry, so that no revision heard of slips between. */
  private @Nullable Held newest(long id, @Nullable Held old, Account given) {
    Long heard = old == null ? floors.getIfPresent(id) : (Long) old.account().revision();
    if (heard != null && given.revision() < heard) {
      return old;
    }
    if (heard != null && old == null) {
      floors.asMap().remove(id, heard);
    }
    return new Held(given, time.nanos());
  }

  private void evicted(@Nullable Long id, @Nullable Held entry, RemovalCause cause) {
    if (id != null && entry != null) {
      floors.asMap().merge(id, entry.account().revision(), Math::max);
    }
  }

  private long age(Held entry) {
    return time.nanos() - entry.checkedAt();
  }
}
