package dev.evertoken.sim;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The faults of the provider and of the ways to it, in spells of time. */
final class Weather {

  /** What goes wrong. */
  enum Kind {
    CONNECT_REFUSED(true),
    CONNECT_HANGS(true),
    PROXY_DEAD(true),
    /** The proxy works and says that it cannot reach the target. */
    TARGET_DOWN(true),
    REQUEST_LOST(false),
    ANSWER_LOST(false),
    SLOW(false),
    SERVER_ERROR(false),
    /** With Retry-After. */
    UNAVAILABLE(false),
    /** A gateway gives up after the provider has done its work. */
    GATEWAY(false),
    THROTTLED(false),
    /** A page instead of an answer, from something in front of the provider. */
    PAGE(false),
    /** A 2xx, done, whose tokens nobody can read. */
    UNREADABLE(false),
    /** The body ends inside. */
    CUT(false),
    INVALID_CLIENT(false),
    /** A refusal that is not true. */
    FALSE_INVALID_GRANT(false),
    /** A 4xx whose code says nothing. */
    ODD_REFUSAL(false);

    private final boolean connecting;

    Kind(boolean connecting) {
      this.connecting = connecting;
    }

    /** Whether it strikes before anything can be sent. */
    boolean connecting() {
      return connecting;
    }
  }

  /**
   * One spell.
   *
   * @param account the only one that it strikes, or null
   * @param proxy the only proxy that it strikes, or null
   * @param chance of each exchange to be struck
   */
  record Spell(
      Kind kind,
      Instant from,
      Instant to,
      @Nullable Long account,
      @Nullable Long proxy,
      double chance) {

    private boolean strikes(Instant now, @Nullable Long way, long of) {
      return !now.isBefore(from)
          && now.isBefore(to)
          && (account == null || account == of)
          && (proxy == null || proxy.equals(way));
    }
  }

  private final Random random;
  private final List<Spell> spells = new ArrayList<>();

  Weather(Random random) {
    this.random = random;
  }

  void add(Spell spell) {
    spells.add(spell);
  }

  /** From now on only those that strike one account: it stays ill. */
  void clear(Instant now) {
    spells.removeIf(spell -> spell.account == null || spell.to.isBefore(now.plusSeconds(86_400)));
  }

  List<Spell> spells() {
    return spells;
  }

  /** What strikes who connects now. */
  Optional<Kind> connecting(Instant now, @Nullable Long proxy) {
    return of(true, now, proxy, -1);
  }

  /** What strikes the request of that account. */
  Optional<Kind> exchange(Instant now, @Nullable Long proxy, long account) {
    return of(false, now, proxy, account);
  }

  private Optional<Kind> of(boolean connecting, Instant now, @Nullable Long proxy, long account) {
    for (Spell spell : spells) {
      if (spell.kind.connecting == connecting
          && spell.strikes(now, proxy, account)
          && random.nextDouble() < spell.chance) {
        return Optional.of(spell.kind);
      }
    }
    return Optional.empty();
  }
}
