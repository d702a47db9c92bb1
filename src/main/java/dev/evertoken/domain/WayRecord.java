package dev.evertoken.domain;

import java.time.Instant;
import java.util.List;

/**
 * What the cluster knows of a way: who failed on it since it last worked, how many exchanges it had
 * lately, and who succeeded last.
 *
 * @param failures since the last understood answer, oldest first; the last {@value #MOST_FAILURES}
 * @param buckets the exchanges of the last minute
 * @param successes the latest success of each of the two accounts that succeeded last
 */
public record WayRecord(
    Way way, List<Failure> failures, List<Bucket> buckets, List<Success> successes) {

  /** How many failures are kept. */
  public static final int MOST_FAILURES = 20;

  /** How long a bucket is, in seconds; it starts at a multiple of that since the epoch. */
  public static final int BUCKET_SECONDS = 5;

  public WayRecord {
    failures = List.copyOf(failures);
    buckets = List.copyOf(buckets);
    successes = List.copyOf(successes);
  }

  /** A way of which nothing is known. */
  public static WayRecord none(Way way) {
    return new WayRecord(way, List.of(), List.of(), List.of());
  }

  /** One failed exchange. */
  public record Failure(long account, Instant at, RouteFault fault) {}

  /** Exchanges that ended in five seconds, and how many of them failed by the way. */
  public record Bucket(Instant start, int exchanges, int failures) {}

  /** When an account last got a token. */
  public record Success(long account, Instant at) {}

  /** When accounts other than this one succeeded. */
  public List<Instant> successesBesides(long account) {
    return successes.stream().filter(s -> s.account() != account).map(Success::at).toList();
  }
}
