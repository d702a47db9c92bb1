package dev.evertoken.sim;

import dev.evertoken.sim.Ledger.Fate;
import dev.evertoken.sim.Ledger.Presentation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Why an answer of the provider may never have come to rest. Nothing else excuses a lost one. */
final class Excuses {

  /** Longer than an answer takes from the process to its disk. */
  private static final Duration WRITING = Duration.ofSeconds(1);

  private final VirtualTime time;

  /** When PostgreSQL last lost commits. */
  private Instant wentBackAt = Instant.MIN;

  Excuses(VirtualTime time) {
    this.time = time;
  }

  void wentBack() {
    wentBackAt = time.instant();
  }

  /** Why the answer to a presentation may not have come to rest; empty: it must have. */
  Optional<String> lost(Presentation made) {
    if (made.fate == Fate.LOST) {
      return Optional.of("its answer was lost");
    }
    if (made.fate == Fate.OPEN) {
      return disturbed(made);
    }
    if (made.fault == Weather.Kind.UNREADABLE && nothingSince(made)) {
      return Optional.empty();
    }
    if (made.fault == Weather.Kind.UNREADABLE
        || made.fault == Weather.Kind.CUT
        || made.fault == Weather.Kind.GATEWAY) {
      return Optional.of("its answer could not be read: " + made.fault);
    }
    return diedBeforeWriting(made) ? Optional.of("its process died") : disturbed(made);
  }

  /** An answer that nobody can read is on the disk: no second presentation by itself. */
  boolean nothingSince(Presentation made) {
    return !diedBeforeWriting(made) && disturbed(made).isEmpty();
  }

  private static boolean diedBeforeWriting(Presentation made) {
    Instant died = made.process.crashedAt;
    return died != null
        && (made.ended == null || Duration.between(made.ended, died).compareTo(WRITING) < 0);
  }

  /** What kept the process from its work since then. */
  Optional<String> disturbed(Presentation made) {
    // A claim that was taken before may have been lost with it.
    if (wentBackAt.isAfter(made.at.minusSeconds(15))) {
      return Optional.of("the database went back");
    }
    if (made.process.time.crashed() && onDisk(made) && down(made.process.node)) {
      return Optional.of("in the escrow of a node that is down");
    }
    return made.process.node.disturbance(made.at, time.instant());
  }

  private static boolean down(SimNode node) {
    return node.process == null || node.process.time.crashed() || node.process.engine == null;
  }

  static boolean onDisk(Presentation made) {
    return made.process.node.disk.all().stream()
        .anyMatch(entry -> entry.presented().token().equals(made.token.value));
  }
}
