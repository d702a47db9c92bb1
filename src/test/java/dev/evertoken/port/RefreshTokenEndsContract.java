package dev.evertoken.port;

import static dev.evertoken.port.StoreSamples.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.AccountStore.AccountChange;
import dev.evertoken.port.AccountStore.Ends;
import dev.evertoken.port.AccountStore.Field;
import dev.evertoken.port.AccountStore.Filter;
import dev.evertoken.port.AccountStore.Need;
import dev.evertoken.port.RefreshClaims.Mark;
import dev.evertoken.port.RefreshClaims.NewAccess;
import dev.evertoken.port.RefreshClaims.NewRefresh;
import dev.evertoken.port.RefreshClaims.Next;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.data.TemporalUnitLessThanOffset;
import org.assertj.core.data.TemporalUnitOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of the accounts keeps to when a refresh token ends or is in doubt. */
public abstract class RefreshTokenEndsContract {

  private StoreSamples samples;
  private AccountStore accounts;

  protected abstract Stores stores();

  @BeforeEach
  void begin() {
    samples = new StoreSamples(stores());
    accounts = stores().accounts();
  }

  private Instant days(int days) {
    return samples.in(Duration.ofDays(days));
  }

  private Account change(
      Account account,
      @Nullable Secret token,
      @Nullable Field<Instant> end,
      @Nullable Ends anothers) {
    AccountChange change =
        new AccountChange(
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            token == null ? null : new Field<>(token),
            null,
            null,
            null,
            null,
            null,
            end,
            anothers);
    return get(accounts.change(account.id(), change, OptionalLong.empty()));
  }

  private Account ending(String name, int days) {
    return change(samples.account(name, null), null, new Field<>(days(days)), null);
  }

  private boolean marked(Account account) {
    return get(accounts.markEnding(1000)).stream().anyMatch(row -> row.id() == account.id());
  }

  private List<Long> ids(Filter filter) {
    return get(accounts.list(filter, 100, 0)).stream().map(Account::id).toList();
  }

  private Filter filter(@Nullable Instant endsBefore, @Nullable Need needs) {
    return new Filter(
        samples.platform, null, null, null, null, Set.of(), Set.of(), endsBefore, needs);
  }

  @Test
  void anEndIsMarkedOnceSevenDaysAndOnceADayBefore() {
    Account account = ending("marked", 8);
    assertThat(marked(account)).isFalse();
    change(account, null, new Field<>(days(6)), null);
    assertThat(marked(account)).isTrue();
    assertThat(marked(account)).isFalse();
    change(account, null, new Field<>(days(5)), null);
    assertThat(marked(account)).isFalse();
    change(account, null, new Field<>(samples.in(Duration.ofHours(5))), null);
    assertThat(marked(account)).isTrue();
    assertThat(marked(account)).isFalse();
  }

  @Test
  void anEndThatMovedAwayIsMarkedAgainWhenItIsNear() {
    Account account = ending("moved", 6);
    assertThat(marked(account)).isTrue();
    change(account, null, new Field<>(days(30)), null);
    assertThat(marked(account)).isFalse();
    change(account, null, new Field<>(days(6)), null);
    assertThat(marked(account)).isTrue();
  }

  @Test
  void theEndsOfAnotherTokenReplaceThoseOfTheOneBefore() {
    Account account = ending("another", 6);
    Ends ends = new Ends(days(90), days(30));

    Account same = change(account, samples.refreshToken("another"), null, ends);
    assertThat(same.credentials().refresh().endsAt())
        .isEqualTo(account.credentials().refresh().endsAt());

    Account other = change(account, samples.refreshToken("another-2"), null, ends);
    assertThat(other.credentials().refresh().expiresAt()).isEqualTo(ends.expiresAt());
    assertThat(other.credentials().refresh().endsAt()).isEqualTo(ends.idleAt());

    Field<Instant> earlier = new Field<>(days(20));
    Account third = change(account, samples.refreshToken("another-3"), earlier, ends);
    assertThat(third.credentials().refresh().expiresAt()).isEqualTo(earlier.value());
    assertThat(change(account, null, new Field<>(null), null).credentials().refresh().endsAt())
        .isEqualTo(ends.idleAt());
  }

  @Test
  void aRefreshMovesTheIdleEndAndRestartsNoOtherOne() {
    Account account = ending("idle", 60);
    NewAccess access =
        new NewAccess(Secret.of("at-2"), "Bearer", samples.in(Duration.ofHours(1)), null);
    NewRefresh next = new NewRefresh(samples.refreshToken("idle-2"), null, days(30));

    Account after =
        samples.written(samples.answer(account, samples.refreshToken("idle"), access, next));

    assertThat(after.credentials().refresh().expiresAt())
        .isEqualTo(account.credentials().refresh().expiresAt());
    assertThat(after.credentials().refresh().endsAt()).isCloseTo(days(30), soon());
  }

  private static TemporalUnitOffset soon() {
    return new TemporalUnitLessThanOffset(1, ChronoUnit.MINUTES);
  }

  @Test
  void attentionIsNeededOfErrorsDoubtsAndNearEnds() {
    Account near = ending("near", 6);
    Account far = ending("far", 60);
    Account unread = samples.account("unread", null);
    samples.failed(unread, new Mark.Unreadable(null));
    samples.account("well", null);

    assertThat(ids(filter(null, Need.ATTENTION))).containsExactly(near.id(), unread.id());
    assertThat(ids(filter(days(7), null))).containsExactly(near.id());
    assertThat(ids(filter(days(61), null))).containsExactly(near.id(), far.id());
  }

  @Test
  void aRefusedTokenLetsTheOneTryBeMadeAtOnceAndNoFurtherOne() {
    Account account = samples.account("doubt", null);
    Next rest = new Next(samples.in(Duration.ofMinutes(30)), samples.in(Duration.ofMinutes(30)));
    Account once = samples.failed(account, new Mark.Unknown(null), rest, history());
    assertThat(once.credentials().notBefore()).isNotNull();

    Account free = get(accounts.reject(account.id(), account.generation())).orElseThrow();
    assertThat(free.credentials().notBefore()).isNull();

    UUID attempt = UUID.randomUUID();
    samples.taken(free, attempt);
    get(
        stores()
            .claims()
            .settle(samples.failure(free, attempt, new Mark.Unknown(null), rest, history())));
    Account twice = get(accounts.reject(account.id(), account.generation())).orElseThrow();
    assertThat(twice.credentials().notBefore()).isEqualTo(rest.notBefore());
  }

  private static FailureHistory history() {
    return FailureHistory.NONE;
  }
}
