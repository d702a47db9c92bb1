package dev.evertoken.app;

import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Readiness;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An account as its pool files it: by how it stood at one time, until time or a change moves it.
 *
 * @param place where it stands by id
 * @param spot where it stands on the hash ring
 * @param filedAt the time that it is filed by
 */
record PoolMember(Candidate candidate, PoolPlace place, PoolPlace spot, Instant filedAt) {

  static PoolMember of(Candidate candidate, Instant now) {
    long id = candidate.id();
    int priority = candidate.priority();
    return new PoolMember(
        candidate,
        new PoolPlace(priority, id, id),
        new PoolPlace(priority, HashRing.point(id), id),
        now);
  }

  PoolMember at(Instant now) {
    return new PoolMember(candidate, place, spot, now);
  }

  long id() {
    return candidate.id();
  }

  boolean benched() {
    return candidate.benched(filedAt);
  }

  /** What can be got of it, by callers who look over a bench where it is benched. */
  Readiness readiness() {
    return candidate.readiness(filedAt, true);
  }

  /** What {@code counts} calls it while its route is open. */
  String state() {
    return candidate.state(filedAt, null);
  }

  /** Whether it is out or comes back by time at all: an operator has to act for the others. */
  boolean recovers() {
    return candidate.status() == AccountStatus.ACTIVE && !candidate.paused() && !candidate.unread();
  }

  /** When it is back by itself; null: nothing of its own keeps it out, or it does not recover. */
  @Nullable Instant back() {
    Instant back = candidate.back();
    return recovers() && back != null && back.isAfter(filedAt) ? back : null;
  }

  @Nullable Instant changesAt() {
    return candidate.nextChange(filedAt);
  }
}
