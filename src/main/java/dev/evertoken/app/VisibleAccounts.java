package dev.evertoken.app;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Blocker;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Suspension;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.AccountStore.Filter;
import dev.evertoken.port.AccountStore.Need;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The accounts as a caller may see them; what it may not see looks missing. */
public final class VisibleAccounts {

  private final AccountStore store;
  private final Supplier<? extends Collection<Suspension>> suspensions;
  private final Time time;

  VisibleAccounts(
      AccountStore store, Supplier<? extends Collection<Suspension>> suspensions, Time time) {
    this.store = store;
    this.suspensions = suspensions;
    this.time = time;
  }

  /** One account; fails with {@code not_found}. */
  public Future<Account> find(Caller caller, long id) {
    return store
        .find(id)
        .compose(
            found ->
                found
                    .filter(caller::sees)
                    .map(Future::succeededFuture)
                    .orElseGet(() -> Future.failedFuture(missing())));
  }

  public Future<AccountView> view(Caller caller, long id) {
    return find(caller, id).map(this::view);
  }

  /** Which accounts a list asks for; a null component does not matter. */
  public record Wanted(
      @Nullable String platform,
      @Nullable String pool,
      dev.evertoken.domain.@Nullable AccountStatus status,
      @Nullable Boolean schedulable,
      @Nullable String name,
      @Nullable Instant endsBefore,
      @Nullable Need needs) {

    Filter filter() {
      return filter(Set.of(), Set.of());
    }

    private Filter filter(Set<String> pools, Set<Long> accounts) {
      return new Filter(
          platform, pool, status, schedulable, name, pools, accounts, endsBefore, needs);
    }
  }

  /** Those wanted that the caller sees, by id, after the cursor. */
  public Future<List<AccountView>> list(Caller caller, Wanted wanted, int limit, long afterId) {
    return store
        .list(wanted.filter(caller.pools(), caller.accounts()), limit, afterId)
        .map(rows -> rows.stream().map(this::view).toList());
  }

  AccountView view(Account account) {
    return new AccountView(account, Blocker.of(account, suspensions.get(), time.instant()));
  }

  /** The failure as the caller may know it: the holder of a refresh token may be none of its. */
  <T> Future<T> hideHolder(Caller caller, Throwable failure) {
    Long holder =
        failure instanceof ProblemException expected
                && expected.problem().code() == ProblemCode.CONFLICT
            ? expected.problem().account()
            : null;
    return holder == null || !caller.limited()
        ? Future.failedFuture(failure)
        : store
            .find(holder)
            .otherwise(Optional.empty())
            .compose(found -> Future.failedFuture(told(caller, found, failure)));
  }

  private static Throwable told(Caller caller, Optional<Account> holder, Throwable failure) {
    return holder.filter(caller::sees).isPresent()
        ? failure
        : Problem.of(ProblemCode.CONFLICT, "The refresh token belongs to another account.")
            .exception();
  }

  static ProblemException missing() {
    return Problem.of(ProblemCode.NOT_FOUND, "There is no such account.").exception();
  }
}
