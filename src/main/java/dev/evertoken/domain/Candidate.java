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
    if (status == AccountStatus.DISABLED || paused || (benched(now) && !includeBenched)) {
      return Standing.OUT;
    }
    boolean valid = validUntil != null && now.isBefore(validUntil);
    boolean rests =
        restsUntil != null && now.isBefore(restsUntil) && !restsUntil.equals(Instant.MAX);
    boolean staticKey = Instant.MAX.equals(restsUntil);
    boolean stuck = status == AccountStatus.ERROR || rests || (suspended != null && !staticKey);
    if (stuck) {
      return valid ? Standing.LAST_RESORT : Standing.OUT;
    }
    if (freshUntil != null && now.isBefore(freshUntil)) {
      return Standing.READY;
    }
    return staticKey ? Standing.OUT : Standing.MUST_REFRESH;
  }

  /** Which of the words of {@code counts} it falls under. */
  public String state(Instant now, @Nullable Suspension suspended) {
    if (status != AccountStatus.ACTIVE) {
      return WireName.of(status);
    }
    if (paused) {
      return "paused";
    }
    boolean valid = validUntil != null && now.isBefore(validUntil);
    if (benched(now) || (restsUntil != null && now.isBefore(restsUntil) && !valid)) {
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
    if (Instant.MAX.equals(restsUntil)) {
      return Optional.ofNullable(benchedUntil).filter(now::isBefore);
    }
    Instant back = now;
    if (benchedUntil != null && benchedUntil.isAfter(back)) {
      back = benchedUntil;
    }
    if (restsUntil != null && restsUntil.isAfter(back)) {
      back = restsUntil;
    }
    if ((suspended != null && !suspended.passes()) || back.equals(UNTIL_IT_IS_READ)) {
      return Optional.empty();
    }
    if (suspended != null && suspended.probeAt().isAfter(back)) {
      back = suspended.probeAt();
    }
    return back.equals(now) ? Optional.empty() : Optional.of(back);
  }

  public boolean inPool(String pool) {
    return platform.equals(pool) || pools.contains(pool);
  }

  private boolean benched(Instant now) {
    return benchedUntil != null && now.isBefore(benchedUntil);
  }
}
