package dev.evertoken.bench;

import dev.evertoken.app.NearCacheHeap;
import dev.evertoken.domain.AccessToken;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Benches;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.RefreshSchedule;
import dev.evertoken.domain.RefreshTokenState;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.Time;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The heap of one account in the near cache, with a token of 200 characters. */
final class HeapPerAccount implements Figure {

  private static final int ACCOUNTS = 100_000;

  @Override
  public List<Result> measure(Path folder) {
    List<Double> bytes = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      bytes.add(NearCacheHeap.bytesPerAccount(new Clock(), ACCOUNTS, HeapPerAccount::account));
    }
    return List.of(new Result("heap per cached account", "bytes", bytes, List.of()));
  }

  /** As a row is read: nothing is shared with another account but the platform's name. */
  private static Account account(long id) {
    Instant now = Instant.ofEpochSecond(1_780_000_000 + id);
    return new Account(
        id,
        UUID.randomUUID(),
        new String("antigravity"),
        AccountType.OAUTH,
        "account " + id,
        AccountStatus.ACTIVE,
        null,
        false,
        50,
        List.of(),
        id,
        "project-" + id,
        null,
        "someone" + id + "@example.com",
        7,
        new Credentials(
            3,
            AccessToken.of(
                Secret.of("t".repeat(190) + (1_000_000_000 + id)),
                now.plusSeconds(3300),
                Duration.ofHours(1)),
            new RefreshTokenState(true, 3, null, RefreshTokenState.Doubt.NONE),
            null,
            new RefreshSchedule(now.plusSeconds(2400), null, null),
            null,
            FailureHistory.NONE),
        Benches.NONE,
        null,
        now,
        now.plusSeconds(1));
  }

  private static final class Clock implements Time {
    @Override
    public Instant instant() {
      return Instant.now();
    }

    @Override
    public long nanos() {
      return System.nanoTime();
    }
  }
}
