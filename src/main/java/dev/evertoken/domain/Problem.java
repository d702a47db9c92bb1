package dev.evertoken.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as the caller sees it (RFC 9457); never holds a secret nor echoes input.
 *
 * @param detail what was wrong and what to do
 * @param account id of the account it is about, or of the holder in a conflict
 * @param counts of a pool that is exhausted, by state; empty otherwise
 */
public record Problem(
    ProblemCode code,
    String detail,
    @Nullable Long account,
    @Nullable String platform,
    @Nullable Long generation,
    @Nullable BenchCause cause,
    @Nullable Instant until,
    @Nullable Duration retryAfter,
    List<FieldError> errors,
    Map<String, Integer> counts) {

  /**
   * One wrong field: an RFC 6901 pointer (or {@code ?name} for a query parameter) and what is
   * allowed there.
   */
  public record FieldError(String pointer, String detail) {}

  public Problem {
    errors = List.copyOf(errors);
    counts = Map.copyOf(counts);
  }

  public static Problem of(ProblemCode code, String detail) {
    return new Problem(code, detail, null, null, null, null, null, null, List.of(), Map.of());
  }

  public static Problem field(ProblemCode code, String pointer, String detail) {
    return of(code, detail).withErrors(List.of(new FieldError(pointer, detail)));
  }

  public Problem about(Account subject) {
    return new Problem(
        code,
        detail,
        subject.id(),
        subject.platform(),
        subject.generation(),
        cause,
        until,
        retryAfter,
        errors,
        counts);
  }

  public Problem withAccount(@Nullable Long id) {
    return new Problem(
        code, detail, id, platform, generation, cause, until, retryAfter, errors, counts);
  }

  public Problem withPlatform(String name) {
    return new Problem(
        code, detail, account, name, generation, cause, until, retryAfter, errors, counts);
  }

  public Problem withCause(BenchCause why) {
    return new Problem(
        code, detail, account, platform, generation, why, until, retryAfter, errors, counts);
  }

  /** Sets when to come back: the time, and the rest of it from now, at least a second. */
  public Problem until(Instant end, Instant now) {
    Duration rest = Duration.between(now, end);
    Duration wait = rest.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : rest;
    return new Problem(
        code, detail, account, platform, generation, cause, end, wait, errors, counts);
  }

  public Problem withRetryAfter(Duration wait) {
    return new Problem(
        code, detail, account, platform, generation, cause, until, wait, errors, counts);
  }

  public Problem withErrors(List<FieldError> fields) {
    return new Problem(
        code, detail, account, platform, generation, cause, until, retryAfter, fields, counts);
  }

  public Problem withCounts(Map<String, Integer> byState) {
    return new Problem(
        code, detail, account, platform, generation, cause, until, retryAfter, errors, byState);
  }

  public ProblemException exception() {
    return new ProblemException(this);
  }
}
