package dev.evertoken.app;

import dev.evertoken.app.AccountFile.Entry;
import dev.evertoken.app.AccountFile.Needless;
import dev.evertoken.app.AccountFile.Unreadable;
import dev.evertoken.app.AccountFile.Wanted;
import dev.evertoken.app.ImportReport.Outcome;
import dev.evertoken.app.ImportReport.ProxyOutcome;
import dev.evertoken.app.ImportReport.ProxyResult;
import dev.evertoken.app.ImportReport.Result;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.AccountStore.AccountChange;
import dev.evertoken.port.AccountStore.Filter;
import dev.evertoken.port.AccountStore.NewAccount;
import dev.evertoken.port.AccountStore.TokenUse;
import dev.evertoken.port.Scheduler;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes a file of accounts in: each by the ways of single accounts, so that no rule of those has a
 * way round, and each for itself, so that one that fails is nobody else's matter.
 *
 * <p>Who is there already is known by the refresh token; an account without one by its platform,
 * name and secret. So the same file may be sent again.
 */
public final class AccountImport {

  /** Half the connections to PostgreSQL stay free for callers. */
  private static final int AT_ONCE = 4;

  private static final String ANOTHERS = "The refresh token belongs to another account.";
  private static final int TRIES = 3;
  private static final int MOST_OF_ONE_NAME = 500;

  private final Scheduler scheduler;
  private final AccountStore store;
  private final AccountCreation creation;
  private final AccountAdmin accounts;
  private final ImportedProxies proxies;

  AccountImport(
      Scheduler scheduler,
      AccountStore store,
      AccountCreation creation,
      AccountAdmin accounts,
      ImportedProxies proxies) {
    this.scheduler = scheduler;
    this.store = store;
    this.creation = creation;
    this.accounts = accounts;
    this.proxies = proxies;
  }

  private record Run(Caller caller, List<ProxyResult> proxies, boolean rehearsal) {}

  /**
   * Imports the file; fails as a whole only where nothing can be stored.
   *
   * @param rehearsal says what would happen, and changes nothing
   */
  public Future<ImportReport> run(Caller caller, AccountFile file, boolean rehearsal) {
    return Lanes.map(scheduler, 1, file.proxies(), entry -> proxies.take(caller, entry, rehearsal))
        .compose(taken -> accounts(new Run(caller, taken, rehearsal), file));
  }

  private Future<ImportReport> accounts(Run run, AccountFile file) {
    return Lanes.map(scheduler, AT_ONCE, file.entries(), entry -> take(run, entry))
        .map(results -> new ImportReport(run.proxies(), results));
  }

  private Future<Result> take(Run run, Entry entry) {
    return switch (entry.content()) {
      case Unreadable(Problem problem) -> Future.succeededFuture(failed(entry, problem));
      case Needless(String why) ->
          Future.succeededFuture(
              new Result(
                  entry.place(), Outcome.SKIPPED, null, List.of(), entry.ignored(), why, null));
      case Wanted wanted ->
          Future.succeededFuture(wanted)
              .compose(one -> take(run, entry, one, 1))
              .recover(failure -> refused(entry, failure));
    };
  }

  private Future<Result> take(Run run, Entry entry, Wanted wanted, int attempt) {
    NewAccount account = placed(run, wanted);
    return there(run.caller(), account)
        .compose(
            found ->
                found
                    .map(now -> update(run, entry, wanted, account, now))
                    .orElseGet(() -> create(run, entry, wanted, account))
                    .recover(
                        failure ->
                            attempt < TRIES && overtaken(failure)
                                ? take(run, entry, wanted, attempt + 1)
                                : Future.failedFuture(failure)));
  }

  /** Never without the proxy that the file gives it (law 10). */
  private static NewAccount placed(Run run, Wanted wanted) {
    Integer place = wanted.proxy();
    ProxyResult proxy = place == null ? null : run.proxies().get(place);
    if (proxy != null && proxy.outcome() == ProxyOutcome.FAILED) {
      String why = proxy.problem() == null ? "" : " " + proxy.problem().detail();
      throw AccountRules.invalid("/proxy", "Its proxy could not be taken in." + why);
    }
    return proxy == null ? wanted.account() : ImportedChange.through(wanted.account(), proxy.id());
  }

  private Future<Optional<Account>> there(Caller caller, NewAccount account) {
    Secret refreshToken = account.refreshToken();
    return refreshToken == null
        ? twin(caller, account)
        : store
            .useOf(account.platform(), refreshToken)
            .compose(
                use ->
                    use.map(known -> holder(caller, known))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty())));
  }

  private Future<Optional<Account>> holder(Caller caller, TokenUse use) {
    if (use.spent()) {
      return conflict("The refresh token is spent: it was used and replaced.");
    }
    return store
        .find(use.account())
        .recover(failure -> hidden(caller, failure))
        .compose(
            found ->
                found.isPresent() && !caller.sees(found.get())
                    ? conflict(ANOTHERS)
                    : Future.succeededFuture(found));
  }

  /** A row that cannot be opened names its account. */
  private static <T> Future<T> hidden(Caller caller, Throwable failure) {
    boolean named = failure instanceof ProblemException known && known.problem().account() != null;
    return named && caller.limited() ? conflict(ANOTHERS) : Future.failedFuture(failure);
  }

  private Future<Optional<Account>> twin(Caller caller, NewAccount account) {
    Filter named =
        new Filter(
            account.platform(),
            null,
            null,
            null,
            account.name(),
            caller.pools(),
            caller.accounts());
    return store
        .list(named, MOST_OF_ONE_NAME, 0)
        .map(all -> all.stream().filter(one -> sameSecret(one, account)).findFirst());
  }

  private static boolean sameSecret(Account now, NewAccount account) {
    return switch (account.type()) {
      case UPSTREAM ->
          now.type() == AccountType.UPSTREAM
              && Objects.equals(account.apiKey(), now.credentials().apiKey());
      case OAUTH ->
          now.type() == AccountType.OAUTH
              && !now.credentials().hasRefreshToken()
              && Objects.equals(account.accessToken(), now.credentials().accessToken());
    };
  }

  private Future<Result> update(
      Run run, Entry entry, Wanted wanted, NewAccount account, Account now) {
    AccountChange change = ImportedChange.of(now, wanted, account);
    List<String> changed = new ArrayList<>(AccountEdit.fields(change));
    if (wanted.proxy() != null && account.proxyId() == null) {
      changed.add("proxy_id");
    }
    Result done =
        new Result(entry.place(), Outcome.UPDATED, now.id(), changed, entry.ignored(), null, null);
    if (run.rehearsal()) {
      return accounts.rehearse(run.caller(), now, change).map(done);
    }
    return changed.isEmpty()
        ? Future.succeededFuture(done)
        : accounts
            .change(run.caller(), now.id(), change, OptionalLong.of(now.revision()))
            .map(done);
  }

  private Future<Result> create(Run run, Entry entry, Wanted wanted, NewAccount account) {
    if (run.rehearsal()) {
      return creation.rehearse(run.caller(), account).map(checked -> created(entry, null));
    }
    return wanted.status() == AccountStatus.DISABLED
        ? disabled(run.caller(), account).map(id -> created(entry, id))
        : creation
            .create(run.caller(), account, null)
            .map(view -> created(entry, view.account().id()));
  }

  /** Paused until it is disabled, so that no pool picks it in between. */
  private Future<Long> disabled(Caller caller, NewAccount account) {
    return creation
        .create(caller, ImportedChange.paused(account), null)
        .compose(
            view ->
                accounts.change(
                    caller,
                    view.account().id(),
                    ImportedChange.disabled(account.paused()),
                    OptionalLong.empty()))
        .map(view -> view.account().id());
  }

  private static Result created(Entry entry, @Nullable Long id) {
    return new Result(entry.place(), Outcome.CREATED, id, List.of(), entry.ignored(), null, null);
  }

  private static Result failed(Entry entry, Problem problem) {
    return new Result(
        entry.place(),
        Outcome.FAILED,
        problem.account(),
        List.of(),
        entry.ignored(),
        null,
        problem);
  }

  /** Somebody changed the account, or created one with that token, since it was looked at. */
  private static boolean overtaken(Throwable failure) {
    return failure instanceof ProblemException expected
        && (expected.problem().code() == ProblemCode.PRECONDITION_FAILED
            || expected.problem().code() == ProblemCode.CONFLICT);
  }

  /**
   * While nothing can be stored every other entry would fail as well: the caller sends it again.
   */
  private static Future<Result> refused(Entry entry, Throwable failure) {
    return failure instanceof ProblemException expected
            && expected.problem().code() != ProblemCode.STORAGE_UNAVAILABLE
            && expected.problem().code() != ProblemCode.OVERLOADED
        ? Future.succeededFuture(failed(entry, expected.problem()))
        : Future.failedFuture(failure);
  }

  private static <T> Future<T> conflict(String detail) {
    return Future.failedFuture(Problem.of(ProblemCode.CONFLICT, detail).exception());
  }
}
