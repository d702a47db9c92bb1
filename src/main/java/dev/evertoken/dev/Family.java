package dev.evertoken.dev;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A refresh token and all its successors. Not safe for use by several threads: the ledger guards
 * it.
 */
final class Family {
  /** A refresh token; the last of its family is the live one. */
  static final class Link {
    final int number;
    final String value;
    private Instant lastUsed;
    private @Nullable Instant spentAt;

    private Link(int number, String value, Instant issuedAt) {
      this.number = number;
      this.value = value;
      this.lastUsed = issuedAt;
    }

    boolean isSpent() {
      return spentAt != null;
    }

    boolean wasSpentWithin(Duration window, Instant now) {
      return spentAt != null && !now.isAfter(spentAt.plus(window));
    }

    boolean isIdle(Duration limit, Instant now) {
      return !limit.isZero() && now.isAfter(lastUsed.plus(limit));
    }

    void use(Instant now) {
      lastUsed = now;
    }

    void spend(Instant now) {
      spentAt = now;
    }
  }

  final String id;
  final String prefix;
  private final List<Link> links = new ArrayList<>();
  private boolean revoked;
  private boolean endedByReuse;
  private int onboardCalls;

  Family(String id, String prefix) {
    this.id = id;
    this.prefix = prefix;
  }

  Link append(Instant now) {
    int number = links.size() + 1;
    var link = new Link(number, RandomTokens.named(prefix, "rt", id, number), now);
    links.add(link);
    return link;
  }

  Link leaf() {
    return links.getLast();
  }

  /** Whether the direct successor of a spent link was never used. */
  boolean hasUnusedSuccessor(Link link) {
    return link.number == links.size() - 1 && !leaf().isSpent();
  }

  boolean isRevoked() {
    return revoked;
  }

  boolean isEndedByReuse() {
    return endedByReuse;
  }

  void revoke() {
    revoked = true;
  }

  void endByReuse() {
    endedByReuse |= !revoked;
    revoked = true;
  }

  int nextOnboardCall() {
    return ++onboardCalls;
  }

  int onboardCalls() {
    return onboardCalls;
  }
}
