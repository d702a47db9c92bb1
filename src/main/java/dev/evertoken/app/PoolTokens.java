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
import dev.evertoken.port.Scheduler;
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

  /** So often an account that looked ready may turn out not to be, beyond the switches. */
  private static final int STALE_PICKS = 16;

  private final Scheduler scheduler;
  private final PoolView view;
  private final PoolBook book;
  private final PoolSelection selection;
  private final AccountReader reader;
  private final AccountTokens accounts;
  private final Platforms platforms;
  private final Time time;
  private final PoolSettings settings;

  PoolTokens(
      Scheduler scheduler,
      PoolView view,
      PoolBook book,
      PoolSelection selection,
      AccountReader reader,
      AccountTokens accounts,
      Platforms platforms,
      Time time,
      PoolSettings settings) {
    this.scheduler = scheduler;
    this.view = view;
    this.book = book;
    this.selection = selection;
    this.reader = reader;
    this.accounts = accounts;
    this.platforms = platforms;
    this.time = time;
    this.settings = settings;
  }

  /** One request on its way through the pool. */
  private final class Search {
    private final PoolMembers members;
    private final PoolSelection.Wanted wanted;
    private final TokenOptions options;
    private final int maxSwitches;
    private final long deadline;
    private final Set<Long> tried = new HashSet<>();
    private int waits;
    private @Nullable Problem last;

    Search(PoolMembers members, PoolSelection.Wanted wanted, long deadline) {
      this.members = members;
      this.wanted = wanted;
      this.options = wanted.options();
      this.maxSwitches = book.maxSwitches(wanted.pool());
      this.deadline = deadline;
    }

    Future<Served> next() {
      Duration left = Duration.ofNanos(Math.max(0, deadline - time.nanos()));
      boolean mayGoOn = tried.size() <= maxSwitches + STALE_PICKS;
      boolean mayWait = waits <= maxSwitches && (tried.isEmpty() || left.isPositive());
      Optional<PoolSelection.Choice> choice =
          mayGoOn ? selection.choose(members, wanted, tried, mayWait) : Optional.empty();
      return choice.isPresent()
          ? ask(choice.get(), left)
          : Future.failedFuture(exhausted(mayGoOn && mayWait).exception());
    }

    private Future<Served> ask(PoolSelection.Choice choice, Duration left) {
      Candidate candidate = choice.candidate();
      tried.add(candidate.id());
      if (choice.standing() == Standing.MUST_REFRESH || forcing()) {
        waits++;
      }
      boolean others = selection.anyLeft(members, wanted, tried, waits <= maxSwitches);
      Duration most =
          others && settings.switchAfter().compareTo(left) < 0 ? settings.switchAfter() : left;
      return reader
          .read(candidate.id())
          .compose(read -> accounts.token(read, options.withMaxWait(most)))
          .recover(this::moveOn);
    }

    /** Whether the demand may refresh even an account whose token is fresh. */
    private boolean forcing() {
      return options.minTtl() != null || options.ifGenerationNot() != null;
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
    private Problem exhausted(boolean triedAll) {
      Problem before = last;
      if (before == null) {
        return selection.exhausted(members, wanted);
      }
      boolean cutShort = !triedAll && selection.anyLeft(members, wanted, tried, true);
      boolean notThePools = before.code().ofStorage() || before.code() == ProblemCode.INVALID;
      return cutShort || notThePools ? before : selection.exhausted(members, wanted);
    }
  }

  Future<Served> token(Caller caller, String pool, TokenOptions options) {
    var wanted = new PoolSelection.Wanted(book.of(pool), caller, options);
    Duration most = budget(pool, options);
    long deadline = time.nanos() + most.toNanos();
    return new CallerDeadline(scheduler, most)
        .await(view.members(pool), () -> soFar(pool))
        .compose(
            members ->
                selection.visible(members, wanted, book.stored(pool))
                    ? new Search(members, wanted, deadline).next()
                    : Future.failedFuture(
                        Problem.of(ProblemCode.NOT_FOUND, "There is no such pool.").exception()));
  }

  /** What is there of a large pool that is read for the first time: some account beats none. */
  private Future<PoolMembers> soFar(String pool) {
    PoolMembers members = view.soFar(pool);
    return members.isEmpty()
        ? Future.failedFuture(
            Problem.of(ProblemCode.STORAGE_UNAVAILABLE, "The pool is still being read; ask again.")
                .exception())
        : Future.succeededFuture(members);
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
