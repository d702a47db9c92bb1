package dev.evertoken.app;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Candidate.Standing;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.RefreshPolicy;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A token of any healthy account of a pool, failing over inside the caller's one budget (semantics,
 * section 5).
 */
final class PoolTokens {

  private final PoolView view;
  private final PoolSelection selection;
  private final AccountReader reader;
  private final AccountTokens accounts;
  private final Platforms platforms;
  private final Time time;
  private final PoolSettings settings;

  PoolTokens(
      PoolView view,
      PoolSelection selection,
      AccountReader reader,
      AccountTokens accounts,
      Platforms platforms,
      Time time,
      PoolSettings settings) {
    this.view = view;
    this.selection = selection;
    this.reader = reader;
    this.accounts = accounts;
    this.platforms = platforms;
    this.time = time;
    this.settings = settings;
  }

  /** One request on its way through the pool. */
  private final class Search {
    private final String pool;
    private final PoolView.Members members;
    private final PoolSelection.Wanted wanted;
    private final TokenOptions options;
    private final long deadline;
    private final Set<Long> tried = new HashSet<>();
    private int waits;
    private @Nullable Problem last;

    Search(String pool, PoolView.Members members, Caller caller, TokenOptions options) {
      this.pool = pool;
      this.members = members;
      this.options = options;
      this.wanted = new PoolSelection.Wanted(caller, options);
      this.deadline = time.nanos() + budget(pool, options).toNanos();
    }

    Future<Served> next() {
      Duration left = Duration.ofNanos(Math.max(0, deadline - time.nanos()));
      boolean mayWait = waits <= settings.maxSwitches() && (tried.isEmpty() || left.isPositive());
      Optional<PoolSelection.Choice> choice = selection.choose(members, wanted, tried, mayWait);
      if (choice.isEmpty()) {
        return Future.failedFuture(exhausted(mayWait).exception());
      }
      return ask(choice.get(), left);
    }

    private Future<Served> ask(PoolSelection.Choice choice, Duration left) {
      Candidate candidate = choice.candidate();
      tried.add(candidate.id());
      if (choice.standing() == Standing.MUST_REFRESH) {
        waits++;
      }
      Duration most =
          choice.others() && settings.switchAfter().compareTo(left) < 0
              ? settings.switchAfter()
              : left;
      return reader
          .read(candidate.id())
          .compose(read -> accounts.token(read, options.withMaxWait(most)))
          .recover(this::moveOn);
    }

    private Future<Served> moveOn(Throwable failure) {
      if (!(failure instanceof ProblemException expected)) {
        return Future.failedFuture(failure);
      }
      last = expected.problem();
      boolean callersFault = last.code() == ProblemCode.MALFORMED_REQUEST;
      return callersFault ? Future.failedFuture(failure) : next();
    }

    /** What is said at the end: why it ended early, or that the pool is out. */
    private Problem exhausted(boolean mayWait) {
      Problem before = last;
      if (before == null) {
        return selection.exhausted(pool, members, wanted);
      }
      boolean cutShort = !mayWait && selection.anyLeft(members, wanted, tried);
      boolean notThePools =
          before.code() == ProblemCode.STORAGE_UNAVAILABLE || before.code() == ProblemCode.INVALID;
      return cutShort || notThePools ? before : selection.exhausted(pool, members, wanted);
    }
  }

  Future<Served> token(Caller caller, String pool, TokenOptions options) {
    return view.members(pool)
        .compose(
            members ->
                selection.visible(members, caller, pool)
                    ? new Search(pool, members, caller, options).next()
                    : Future.failedFuture(
                        Problem.of(ProblemCode.NOT_FOUND, "There is no such pool.").exception()));
  }

  private Duration budget(String pool, TokenOptions options) {
    Duration most = options.maxWait();
    return most != null
        ? most
        : platforms
            .find(pool)
            .map(Platform::refresh)
            .orElse(RefreshPolicy.DEFAULT)
            .requestTimeout();
  }
}
