package dev.evertoken.port;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.AccountStore.AccountChange;
import dev.evertoken.port.AccountStore.Field;
import dev.evertoken.port.AccountStore.NewAccount;
import dev.evertoken.port.RefreshClaims.Details;
import dev.evertoken.port.RefreshClaims.Mark;
import dev.evertoken.port.RefreshClaims.NewAccess;
import dev.evertoken.port.RefreshClaims.NewRefresh;
import dev.evertoken.port.RefreshClaims.Next;
import dev.evertoken.port.RefreshClaims.Settlement;
import dev.evertoken.port.RefreshClaims.Take;
import dev.evertoken.port.RefreshClaims.Tokens;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What a contract fills its stores with: accounts of a platform and proxies that no other has. */
final class StoreSamples {

  static final Duration LAPSE = Duration.ofSeconds(15);

  private static final AtomicLong PROXIES = new AtomicLong(1_000);

  final String platform = "p-" + UUID.randomUUID();
  private final Stores stores;

  StoreSamples(Stores stores) {
    this.stores = stores;
  }

  static <T> T get(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("The future did not end", e);
    }
  }

  /** The id of a proxy that nobody else has; accounts may name one that has no row. */
  static long newProxy() {
    return PROXIES.incrementAndGet();
  }

  /** A time that long from now, as precise as PostgreSQL keeps it. */
  Instant in(Duration time) {
    return stores.now().plus(time).truncatedTo(ChronoUnit.MICROS);
  }

  Instant ago(Duration time) {
    return in(time.negated());
  }

  /** An account with a valid token that is not due; its refresh token is {@code rt-<name>}. */
  Account account(String name, @Nullable Long proxy) {
    return account(name, proxy, Duration.ofMinutes(40), Duration.ofMinutes(25));
  }

  /** One that is due since a minute, and still has a valid token. */
  Account due(String name, @Nullable Long proxy) {
    return account(name, proxy, Duration.ofMinutes(5), Duration.ofMinutes(-1));
  }

  Account account(String name, @Nullable Long proxy, Duration expiresIn, Duration dueIn) {
    NewAccount sample =
        new NewAccount(
            name,
            platform,
            AccountType.OAUTH,
            refreshToken(name),
            Secret.of("at-" + name),
            null,
            in(expiresIn),
            in(dueIn),
            null,
            null,
            proxy,
            50,
            List.of(),
            false,
            List.of());
    return get(stores.accounts().create(sample, null));
  }

  Secret refreshToken(String name) {
    return Secret.of("rt-" + platform + "-" + name);
  }

  Account find(Account account) {
    return get(stores.accounts().find(account.id())).orElseThrow();
  }

  Take take(Account account, UUID attempt) {
    return get(stores.claims().take(account, attempt, LAPSE, Trigger.BACKGROUND, false));
  }

  Account taken(Account account, UUID attempt) {
    return ((Take.Taken) take(account, attempt)).account();
  }

  /** Takes the claim and ends it so. */
  Account failed(Account account, Mark mark, Next next, FailureHistory history) {
    UUID attempt = UUID.randomUUID();
    taken(account, attempt);
    return get(stores.claims().settle(failure(account, attempt, mark, next, history)))
        .orElseThrow();
  }

  Account failed(Account account, Mark mark) {
    return failed(account, mark, Next.AS_IT_WAS, FailureHistory.NONE);
  }

  Settlement failure(Account judged, UUID attempt, Mark mark, Next next, FailureHistory history) {
    return new Settlement(
        judged.id(),
        attempt,
        judged.generation(),
        outcome(attempt, RefreshClass.TRANSIENT),
        next,
        mark,
        history);
  }

  /** An answer with an access token of an hour, and that refresh token where it has one. */
  Tokens answer(Account presented, String name, @Nullable Secret next) {
    Instant expiry = in(Duration.ofMinutes(55));
    return answer(
        presented,
        refreshToken(name),
        new NewAccess(Secret.of("at-new"), "Bearer", expiry, Duration.ofHours(1)),
        new NewRefresh(next, null));
  }

  Tokens answer(Account presented, Secret token, @Nullable NewAccess access, NewRefresh refresh) {
    return answer(presented, token, access, refresh, new Next(null, in(Duration.ofMinutes(40))));
  }

  Tokens answer(
      Account presented, Secret token, @Nullable NewAccess access, NewRefresh refresh, Next next) {
    UUID attempt = UUID.randomUUID();
    return new Tokens(
        attempt,
        new Escrow.Holder(presented.id(), presented.incarnation(), presented.platform()),
        new Escrow.Presented(
            token, presented.credentials().refreshTokenSequence(), presented.generation()),
        access,
        refresh,
        next,
        new Details(null, outcome(attempt, RefreshClass.SUCCESS)));
  }

  /** A success that left the account due, for a test of who is chosen. */
  Account succeededAndDue(Account account, String name) {
    NewAccess access =
        new NewAccess(
            Secret.of("at-short"), "Bearer", in(Duration.ofMinutes(5)), Duration.ofMinutes(6));
    Next due = new Next(null, ago(Duration.ofMinutes(1)));
    return written(answer(account, refreshToken(name), access, new NewRefresh(null, null), due));
  }

  Account written(Tokens answer) {
    return ((RefreshClaims.Commit.Written) get(stores.claims().commit(answer))).account();
  }

  /** A failure for reasons of the account's own that leaves the account as due as it was. */
  Account failsByItself(Account account) {
    FailureHistory own =
        new FailureHistory(ago(Duration.ofMinutes(3)), ago(Duration.ofMinutes(1)), true, 0, null);
    return failed(account, new Mark.None(), Next.AS_IT_WAS, own);
  }

  /** Gives the account another refresh token from outside. */
  Account authorisedAnew(Account account, String name) {
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
            new Field<>(refreshToken(name)),
            null,
            null,
            null,
            null,
            null);
    return get(stores.accounts().change(account.id(), change, OptionalLong.empty()));
  }

  /** For ten minutes from now on. */
  Bench bench(BenchCause cause) {
    Instant now = in(Duration.ZERO);
    return new Bench(cause, now.plusSeconds(600), "why", now, Trigger.BACKGROUND, null);
  }

  private LastRefresh outcome(UUID attempt, RefreshClass result) {
    return new LastRefresh(
        attempt, stores.now(), result, Trigger.BACKGROUND, Duration.ofMillis(120), null);
  }
}
