package dev.evertoken.wire;

import dev.evertoken.domain.AccessToken;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Benches;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.RefreshSchedule;
import dev.evertoken.domain.RefreshTokenState;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Accounts to write down in tests. */
public final class Samples {

  public static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  private Samples() {}

  /** Account {@code blue} with a token for forty minutes, benched once and once before. */
  public static Account account(long id, long revision) {
    return new Account(
        id,
        new UUID(7, id),
        "antigravity",
        AccountType.OAUTH,
        "blue",
        AccountStatus.ACTIVE,
        null,
        false,
        50,
        List.of("fast"),
        3L,
        "p-1",
        null,
        "blue@example.org",
        revision,
        credentials(revision),
        new Benches(
            List.of(
                bench(BenchCause.RATE_LIMITED, NOW.plusSeconds(30)),
                bench(BenchCause.MANUAL, NOW.plusSeconds(90)),
                bench(BenchCause.OVERLOADED, NOW.minusSeconds(1)))),
        new LastRefresh(
            new UUID(1, 2),
            NOW.minusSeconds(60),
            RefreshClass.SUCCESS,
            Trigger.BACKGROUND,
            Duration.ofMillis(412),
            null),
        NOW.minusSeconds(3600),
        NOW.minusSeconds(60));
  }

  private static Credentials credentials(long generation) {
    return new Credentials(
        generation,
        AccessToken.of(
            Secret.of("canary-access"), NOW.plus(Duration.ofMinutes(40)), Duration.ofHours(1)),
        new RefreshTokenState(true, 4, null, RefreshTokenState.Doubt.NONE),
        null,
        new RefreshSchedule(NOW.plus(Duration.ofMinutes(25)), null, null),
        null,
        FailureHistory.NONE);
  }

  private static Bench bench(BenchCause cause, Instant until) {
    return new Bench(cause, until, "because", NOW.minusSeconds(60), Trigger.REPORT, null);
  }
}
