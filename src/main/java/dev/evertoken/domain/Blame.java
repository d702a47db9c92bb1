package dev.evertoken.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the evidence of several accounts proves against a way upstream (semantics, section 3,
 * Blame): one account alone closes nothing for its neighbours.
 */
public final class Blame {

  /** Failures of this many accounts prove a fault of the way. */
  public static final int ACCOUNTS = 3;

  private static final Duration RATE_WINDOW = Duration.ofSeconds(30);
  private static final int RATE_EXCHANGES = 20;
  private static final int PLATFORM_ROUTES = 3;
  private static final Duration TRIED = Duration.ofMinutes(1);

  private Blame() {}

  /** What a record proves. */
  public sealed interface Proof {
    /** The way is at fault. */
    record Fault() implements Proof {}

    /** Nothing. */
    record Nothing() implements Proof {}

    /** The way is at fault if no account but these could refresh on it. */
    record UnlessOthers(Set<Long> failed) implements Proof {
      public UnlessOthers {
        failed = Set.copyOf(failed);
      }
    }
  }

  /**
   * What the record proves now.
   *
   * @param maxFailures how many failures in a row it takes
   */
  public static Proof of(WayRecord record, int maxFailures, Instant now) {
    if (halfFail(record, now)) {
      return new Proof.Fault();
    }
    List<WayRecord.Failure> inARow = inARow(record);
    return inARow.size() < Math.min(maxFailures, WayRecord.MOST_FAILURES)
        ? new Proof.Nothing()
        : byAccounts(accounts(inARow), ACCOUNTS);
  }

  /**
   * What the record proves when an account has used up its attempts. A small fleet that fails as a
   * whole would rest on its benches, with nobody left to bring the failures that are missing.
   */
  public static Proof ofUsedUp(WayRecord record) {
    Set<Long> accounts = accounts(inARow(record));
    return accounts.size() > 1 ? new Proof.UnlessOthers(accounts) : new Proof.Nothing();
  }

  /** Two unreadable answers to different accounts, without a success between, prove a fault. */
  public static Proof ofUnreadable(WayRecord record) {
    Set<Long> accounts =
        accounts(
            inARow(record).stream()
                .filter(failure -> failure.fault() == RouteFault.UNREADABLE)
                .toList());
    return accounts.isEmpty() ? new Proof.Nothing() : byAccounts(accounts, 2);
  }

  /** The same of refusals of one client by different accounts. */
  public static Proof byAccounts(Set<Long> failed, int enough) {
    return failed.size() >= enough ? new Proof.Fault() : new Proof.UnlessOthers(failed);
  }

  /**
   * Whether so many routes of a platform are suspended that the platform is down.
   *
   * @param suspended the routes suspended for their own failures, not for their proxy's
   * @param records of all routes of the platform
   */
  public static boolean platformIsDown(
      Collection<Way> suspended, Collection<WayRecord> records, Instant now) {
    Instant since = now.minus(TRIED);
    Set<Way> tried =
        records.stream()
            .filter(record -> record.buckets().stream().anyMatch(b -> b.start().isAfter(since)))
            .map(WayRecord::way)
            .collect(Collectors.toSet());
    long healthy = tried.stream().filter(way -> !suspended.contains(way)).count();
    return suspended.size() >= PLATFORM_ROUTES && suspended.size() > healthy;
  }

  private static boolean halfFail(WayRecord record, Instant now) {
    Instant since = now.minus(RATE_WINDOW);
    int exchanges = 0;
    int failures = 0;
    for (WayRecord.Bucket bucket : record.buckets()) {
      if (!bucket.start().isBefore(since)) {
        exchanges += bucket.exchanges();
        failures += bucket.failures();
      }
    }
    return exchanges >= RATE_EXCHANGES && failures * 2 >= exchanges;
  }

  /** A success that was counted meanwhile ends the row, also before the evidence is cleared. */
  private static List<WayRecord.Failure> inARow(WayRecord record) {
    Instant success =
        record.successes().stream()
            .map(WayRecord.Success::at)
            .max(Instant::compareTo)
            .orElse(Instant.MIN);
    return record.failures().stream().filter(f -> f.at().isAfter(success)).toList();
  }

  private static Set<Long> accounts(Collection<WayRecord.Failure> failures) {
    return failures.stream().map(WayRecord.Failure::account).collect(Collectors.toSet());
  }
}
