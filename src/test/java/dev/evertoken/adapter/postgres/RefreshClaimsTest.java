package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.LAPSE;
import static dev.evertoken.adapter.postgres.StoreRig.answer;
import static dev.evertoken.adapter.postgres.StoreRig.get;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.RefreshClaims.Next;
import dev.evertoken.port.RefreshClaims.Take;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RefreshClaimsTest {

  private final StoreRig rig = new StoreRig();
  private final RefreshClaims claims = rig.stores.claims();

  @AfterAll
  void close() {
    rig.close();
  }

  @Test
  void givesTheClaimToOneOfFifty() {
    Account account = rig.create("fifty");
    List<Future<Take>> takes =
        IntStream.range(0, 50)
            .mapToObj(i -> claims.take(account, UUID.randomUUID(), LAPSE, Trigger.REQUEST, false))
            .toList();
    List<Take> results = takes.stream().map(StoreRig::get).toList();

    assertThat(results).filteredOn(Take.Taken.class::isInstance).hasSize(1);
    assertThat(results).filteredOn(Take.Held.class::isInstance).hasSize(49);
  }

  @Test
  void handsTheRefreshTokenAndTheClaimOut() {
    Account account = rig.create("taken");
    UUID attempt = UUID.randomUUID();

    Take.Taken taken = rig.taken(account, attempt);

    assertThat(taken.refreshToken()).isEqualTo(Secret.of("rt-taken"));
    assertThat(taken.proxy()).isNull();
    assertThat(claimOf(taken.account()).attempt()).isEqualTo(attempt);
    assertThat(claimOf(taken.account()).node()).isEqualTo("node-1");
    assertThat(taken.account().revision()).isGreaterThan(account.revision());
    assertThat(taken.account().generation()).isEqualTo(account.generation());
  }

  @Test
  void doesNotClaimARowThatHasMovedOn() {
    Account seen = rig.create("moved");
    UUID attempt = UUID.randomUUID();
    rig.taken(seen, attempt);
    get(claims.commit(answer(seen, attempt, "rt-moved", null)));

    assertThat(rig.take(seen, UUID.randomUUID())).isInstanceOf(Take.Moved.class);
  }

  @Test
  void doesNotClaimBeforeTheRestIsOverUnlessAnOperatorAsks() {
    Account account = rig.create("resting");
    rig.sql(
        "update accounts set not_before = now() + interval '1 hour' where id = " + account.id());

    assertThat(rig.take(account, UUID.randomUUID())).isInstanceOf(Take.Resting.class);
    assertThat(get(claims.take(account, UUID.randomUUID(), LAPSE, Trigger.OPERATOR, true)))
        .isInstanceOf(Take.Taken.class);
  }

  @Test
  void doesNotClaimADisabledAccount() {
    Account account = rig.create("disabled");
    rig.sql("update accounts set status = 'disabled' where id = " + account.id());

    assertThat(rig.take(account, UUID.randomUUID())).isInstanceOf(Take.Moved.class);
  }

  @Test
  void knowsThatTheAccountIsGone() {
    Account account = rig.create("gone");
    get(rig.stores.accounts().delete(account.id(), OptionalLong.empty()));

    assertThat(rig.take(account, UUID.randomUUID())).isInstanceOf(Take.Gone.class);
  }

  @Test
  void keepsALapsedClaimUntilItIsSettled() {
    Account account = rig.create("lapsed");
    UUID lost = UUID.randomUUID();
    get(claims.take(account, lost, Duration.ZERO, Trigger.BACKGROUND, false));

    assertThat(rig.take(account, UUID.randomUUID())).isInstanceOf(Take.Held.class);

    Account settled =
        get(claims.settleLapsed(account.id(), lost, true, Next.AS_IT_WAS)).orElseThrow();
    assertThat(settled.credentials().unknownSince()).isNotNull();
    assertThat(settled.credentials().unknownTries()).isEqualTo(1);
    assertThat(requireNonNull(settled.lastRefresh()).attempt()).isEqualTo(lost);
    assertThat(rig.take(settled, UUID.randomUUID())).isInstanceOf(Take.Taken.class);
  }

  @Test
  void doesNotSettleAClaimAsLapsedThatWasExtended() {
    Account account = rig.create("extended");
    UUID attempt = UUID.randomUUID();
    get(claims.take(account, attempt, Duration.ZERO, Trigger.BACKGROUND, false));

    assertThat(get(claims.extend(account.id(), attempt, LAPSE))).isTrue();
    assertThat(get(claims.settleLapsed(account.id(), attempt, true, Next.AS_IT_WAS))).isEmpty();
  }

  @Test
  void extendsAndReleasesOnlyTheOwnClaim() {
    Account account = rig.create("own");
    UUID mine = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    rig.taken(account, mine);

    assertThat(get(claims.extend(account.id(), other, LAPSE))).isFalse();
    assertThat(get(claims.release(account.id(), other))).isFalse();
    assertThat(rig.find(account.id()).credentials().claim()).isNotNull();
    assertThat(get(claims.release(account.id(), mine))).isTrue();
    assertThat(rig.find(account.id()).credentials().claim()).isNull();
  }

  @Test
  void doesNotExtendAClaimForARefreshTokenThatWasSpentMeanwhile() {
    Account account = rig.create("overtaken");
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    get(claims.take(account, first, Duration.ZERO, Trigger.BACKGROUND, false));
    get(claims.settleLapsed(account.id(), first, false, Next.AS_IT_WAS));
    rig.taken(account, second);

    get(claims.commit(answer(account, first, "rt-overtaken", "rt-overtaken-2")));

    assertThat(claimOf(rig.find(account.id())).attempt()).isEqualTo(second);
    assertThat(get(claims.extend(account.id(), second, LAPSE))).isFalse();
  }

  private static Claim claimOf(Account account) {
    return requireNonNull(account.credentials().claim());
  }
}
