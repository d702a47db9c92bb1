package dev.evertoken.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a pool's selection needs of an account: a few words, no secret.
 *
 * @param freshUntil until when its token is served as it is (its stored expiry less the skew);
 *     null: it has none
 * @param validUntil the stored expiry; null: no valid token
 * @param benchedUntil the latest end of the benches that withhold it, or null
 * @param restsUntil until when no refresh starts, or null
 */
public record Candidate(
    long id,
    String platform,
    List<String> pools,
    Route route,
    int priority,
    AccountStatus status,
    boolean paused,
    @Nullable Instant freshUntil,
    @Nullable Instant validUntil,
    @Nullable Instant benchedUntil,
    @Nullable Instant restsUntil,
    long revision) {

  /** The rest of an account whose last answer cannot be read: it has no known end. */
  private static final Instant UNTIL_IT_IS_READ = Credentials.NEVER;

  /** How good a choice it is, best first. */
  public enum Standing {
    /** Its token is served at once. */
    READY,
    /** It must refresh first. */
    MUST_REFRESH,
    /** Its token is valid, and it cannot get the next one now (law 2). */
    LAST_RESORT,
    OUT
  }

  /** The account as it was at that time; its later times are compared when it is looked at. */
  public static Candidate of(Account account, @Nullable Platform platform, Instant now) {
    Credentials credentials = account.credentials();
    boolean key = credentials.apiKey() != null && !credentials.apiKey().isBlank();
    boolean token =
        account.type() == AccountType.OAUTH
            && credentials.accessToken() != null
            && !credentials.rejected();
    Instant expiresAt = token ? credentials.expiresAt() : null;
    Instant validUntil = key ? Credentials.NEVER : expiresAt;
    Instant freshUntil =
        key || platform == null || expiresAt == null
            ? validUntil
            : expiresAt.minus(platform.margins(credentials.lifetime()).skew());
    return new Candidate(
        account.id(),
        account.platform(),
        account.pools(),
        account.route(),
        account.priority(),
        account.status(),
        account.paused(),
        freshUntil,
        validUntil,
        account.benches().withholding(now).map(Bench::until).orElse(null),
        rest(account, now),
        account.revision());
  }

  private static @Nullable Instant rest(Account account, Instant now) {
    if (account.type() == AccountType.UPSTREAM) {
      return Instant.MAX;
    }
    if (account.credentials().unreadableSince() != null) {
      return UNTIL_IT_IS_READ;
    }
    Optional<Instant> bench =
        account.benches().activeAt(now).stream()
            .filter(b -> b.cause().servesValidTokens())
            .map(Bench::until)
            .max(Instant::compareTo);
    Instant notBefore = account.credentials().notBefore();
    if (notBefore == null || (bench.isPresent() && bench.get().isAfter(notBefore))) {
      return bench.orElse(null);
    }
    return notBefore;
  }

  /** Where it stands now, given why its route is left alone (or null). */
  public Standing standing(Instant now, @Nullable Suspension suspended, boolean includeBenched) {
    return readiness(now, includeBenched).on(suspended != null && !needsNoWay());
  }

  /** How it stands by itself, while its route is open. */
  public Readiness readiness(Instant now, boolean includeBenched) {
    if (status == AccountStatus.DISABLED || paused || (benched(now) && !includeBenched)) {
      return Readiness.OUT;
    }
    boolean valid = ahead(now, validUntil);
    if (status == AccountStatus.ERROR || (!needsNoWay() && ahead(now, restsUntil))) {
      return valid ? Readiness.STUCK : Readiness.OUT;
    }
    if (ahead(now, freshUntil)) {
      return Readiness.FRESH;
    }
    if (needsNoWay()) {
      return Readiness.OUT;
    }
    return valid ? Readiness.STALE : Readiness.EXPIRED;
  }

  /** Whether it holds a static key: it never refreshes, so no suspension concerns it. */
  public boolean needsNoWay() {
    return Instant.MAX.equals(restsUntil);
  }

  /** Whether its last answer cannot be read: no time brings it back. */
  public boolean unread() {
    return UNTIL_IT_IS_READ.equals(restsUntil);
  }

  /** When {@link #readiness} or {@link #state} may next change by time alone; null: never. */
  public @Nullable Instant nextChange(Instant now) {
    Instant next = sooner(now, null, freshUntil);
    next = sooner(now, next, validUntil);
    next = sooner(now, next, benchedUntil);
    return sooner(now, next, needsNoWay() ? null : restsUntil);
  }

  /** Which of the words of {@code counts} it falls under. */
  public String state(Instant now, @Nullable Suspension suspended) {
    if (status != AccountStatus.ACTIVE) {
      return WireName.of(status);
    }
    if (paused) {
      return "paused";
    }
    if (benched(now) || (ahead(now, restsUntil) && !ahead(now, validUntil))) {
      return "benched";
    }
    return switch (standing(now, suspended, false)) {
      case READY, MUST_REFRESH, LAST_RESORT -> "usable";
      case OUT -> suspended == null ? "benched" : "suspended";
    };
  }

  /** When it may be back, if that is known. */
  public Optional<Instant> recovery(Instant now, @Nullable Suspension suspended) {
    if (status != AccountStatus.ACTIVE || paused) {
      return Optional.empty();
    }
    if (unread() || (suspended != null && !suspended.passes() && !needsNoWay())) {
      return Optional.empty();
    }
    Instant back = later(now, back());
    if (suspended != null && !needsNoWay()) {
      back = later(back, suspended.probeAt());
    }
    return back.equals(now) ? Optional.empty() : Optional.of(back);
  }

  /** The end of what keeps it out by itself, or null. */
  public @Nullable Instant back() {
    if (needsNoWay() || restsUntil == null) {
      return benchedUntil;
    }
    return later(restsUntil, benchedUntil);
  }

  public boolean inPool(String pool) {
    return platform.equals(pool) || pools.contains(pool);
  }

  /** Whether a bench withholds it. */
  public boolean benched(Instant now) {
    return ahead(now, benchedUntil);
  }

  private static boolean ahead(Instant now, @Nullable Instant time) {
    return time != null && now.isBefore(time);
  }

  private static @Nullable Instant sooner(
      Instant now, @Nullable Instant next, @Nullable Instant time) {
    if (time == null || !now.isBefore(time)) {
      return next;
    }
    return next == null || time.isBefore(next) ? time : next;
  }

  private static Instant later(Instant time, @Nullable Instant other) {
    return other != null && other.isAfter(time) ? other : time;
  }
}
