package dev.evertoken.port;

import static dev.evertoken.port.StoreSamples.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.ClientAuth;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.domain.WayRecord.Success;
import dev.evertoken.port.ClientStore.Client;
import dev.evertoken.port.ClientStore.Refusal;
import dev.evertoken.port.RefreshClaims.Mark;
import dev.evertoken.port.RefreshClaims.Next;
import dev.evertoken.rig.PlatformDraft;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of the client settings keeps to. */
public abstract class ClientStoreContract {

  private static final String CODE = "invalid_client";

  private StoreSamples samples;
  private ClientStore clients;
  private Platform platform;

  protected abstract Stores stores();

  @BeforeEach
  void begin() {
    samples = new StoreSamples(stores());
    clients = stores().clients();
    platform = new PlatformDraft().named(samples.platform).platform();
  }

  @Test
  void tellsTheRefusalsOldestFirst() {
    Refusal second = refusal(2, 10);
    Refusal first = refusal(1, 20);
    get(clients.refused(platform, second));

    Client known = get(clients.refused(platform, first));

    assertThat(known.refusals()).containsExactly(first, second);
    assertThat(known.successes()).isEmpty();
  }

  @Test
  void aDifferenceFromTheTemplateIsToldOncePerDayPlatformAndKind() {
    assertThat(get(clients.firstToday(platform.name(), "no_expires_in"))).isTrue();
    assertThat(get(clients.firstToday(platform.name(), "no_expires_in"))).isFalse();
    assertThat(get(clients.firstToday(platform.name(), "rotates_though_none"))).isTrue();
    assertThat(get(clients.firstToday(platform.name() + "-2", "no_expires_in"))).isTrue();
  }

  @Test
  void keepsTheLastTwenty() {
    for (int i = 1; i < 22; i++) {
      get(clients.refused(platform, refusal(i, 100 - i)));
    }

    Client known = get(clients.refused(platform, refusal(22, 1)));

    assertThat(known.refusals()).extracting(Refusal::account).hasSize(20).endsWith(21L, 22L);
  }

  @Test
  void aSuccessClearsTheRefusalsBeforeIt() {
    Refusal after = refusal(3, 5);
    get(clients.refused(platform, refusal(1, 20)));
    get(clients.refused(platform, after));
    Success success = new Success(2, samples.ago(Duration.ofSeconds(10)));
    get(clients.worked(platform, success.account(), success.at()));

    Refusal next = refusal(4, 1);
    Client known = get(clients.refused(platform, next));

    assertThat(known.refusals()).containsExactly(after, next);
    assertThat(known.successes()).containsExactly(success);
  }

  @Test
  void remembersTwoAccountsThatSucceeded() {
    Success first = new Success(1, samples.ago(Duration.ofSeconds(10)));
    Success second = new Success(2, samples.ago(Duration.ofSeconds(5)));
    get(clients.worked(platform, first.account(), first.at()));
    get(clients.worked(platform, second.account(), second.at()));

    assertThat(get(clients.refused(platform, refusal(3, 1))).successes())
        .containsExactly(first, second);
  }

  @Test
  void aSuccessAfterARefusalIsKnownHoweverSoonItComes() {
    get(clients.worked(platform, 1, samples.ago(Duration.ofSeconds(10))));
    get(clients.refused(platform, refusal(2, 8)));
    get(clients.worked(platform, 1, samples.ago(Duration.ofSeconds(5))));

    Refusal next = refusal(3, 1);
    assertThat(get(clients.refused(platform, next)).refusals()).containsExactly(next);
  }

  @Test
  void doesNotMixDifferentSettings() {
    Platform changed =
        new PlatformDraft()
            .named(samples.platform)
            .client(ClientAuth.POST, Secret.of("client-secret"), Secret.of("another"))
            .platform();
    Platform elsewhere = new PlatformDraft().named("other-" + samples.platform).platform();
    get(clients.refused(platform, refusal(1, 10)));
    get(clients.worked(changed, 2, samples.ago(Duration.ofSeconds(1))));

    for (Platform other : List.of(changed, elsewhere)) {
      assertThat(get(clients.refused(other, refusal(3, 0))).refusals()).hasSize(1);
    }
    assertThat(get(clients.refused(platform, refusal(4, 0))).refusals())
        .extracting(Refusal::account)
        .containsExactly(1L, 4L);
  }

  @Test
  void takesBackTheErrorsAndBenchesOfTheSpell() {
    Account lost = samples.account("lost", null);
    Account benched = samples.account("benched", null);
    Instant now = samples.in(Duration.ZERO);
    Instant rest = samples.in(Duration.ofMinutes(10));
    samples.failed(
        lost,
        new Mark.Failed(new AccountError(CODE, "refused", now)),
        new Next(rest, rest),
        FailureHistory.NONE);
    samples.failed(
        benched, new Mark.Benched(ofClient(now)), new Next(rest, rest), FailureHistory.NONE);
    get(clients.refused(platform, refusal(lost.id(), 0)));

    List<Account> changed = get(clients.takeBack(platform, samples.ago(Duration.ofMinutes(1))));

    assertThat(changed).extracting(Account::id).containsExactlyInAnyOrder(lost.id(), benched.id());
    for (Account account : changed) {
      assertThat(account.status()).isEqualTo(AccountStatus.ACTIVE);
      assertThat(account.error()).isNull();
      assertThat(account.benches().all()).isEmpty();
      assertThat(account.credentials().notBefore()).isNull();
      assertThat(account.credentials().refreshDueAt()).isBefore(samples.in(Duration.ofSeconds(5)));
      assertThat(samples.find(account)).isEqualTo(account);
    }
    assertThat(get(clients.takeBack(platform, samples.ago(Duration.ofMinutes(1))))).isEmpty();
  }

  @Test
  void leavesWhatOtherCausesMarked() {
    Instant now = samples.in(Duration.ZERO);
    Instant before = samples.ago(Duration.ofMinutes(5));
    Account otherCode = samples.account("other-code", null);
    samples.failed(otherCode, new Mark.Failed(new AccountError("invalid_grant", "gone", now)));
    Account earlier = samples.account("earlier", null);
    samples.failed(earlier, new Mark.Failed(new AccountError(CODE, "refused", before)));
    Account outage = samples.account("outage", null);
    samples.failed(outage, new Mark.Benched(bench(now, samples.platform + "/direct")));
    Account earlierBench = samples.account("earlier-bench", null);
    samples.failed(earlierBench, new Mark.Benched(ofClient(before)));
    Account own = samples.account("own", null);
    samples.failed(
        own,
        new Mark.Failed(new AccountError(CODE, "refused", now)),
        Next.AS_IT_WAS,
        new FailureHistory(before, now, true, 0, null));
    get(clients.refused(platform, refusal(earlier.id(), 0)));

    assertThat(get(clients.takeBack(platform, samples.ago(Duration.ofMinutes(1))))).isEmpty();
  }

  private Refusal refusal(long account, int secondsAgo) {
    return new Refusal(account, samples.ago(Duration.ofSeconds(secondsAgo)), CODE);
  }

  private Bench ofClient(Instant since) {
    return bench(since, samples.platform + "/client");
  }

  private Bench bench(Instant since, String route) {
    Instant until = samples.in(Duration.ofMinutes(10));
    return new Bench(BenchCause.REFRESH_FAILED, until, CODE, since, Trigger.BACKGROUND, route);
  }
}
