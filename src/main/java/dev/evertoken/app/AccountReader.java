package dev.evertoken.app;

import dev.evertoken.app.notice.Copies;
import dev.evertoken.app.refresh.OnceMore;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.TokenSource;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.Scheduler;
import dev.evertoken.port.Time;
import dev.evertoken.port.TokenCache;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads accounts: this node's copy, else Redis, else PostgreSQL; concurrent reads of one account
 * are one.
 */
public final class AccountReader implements Copies {

  /** An account and where it came from, as the metrics name it. */
  record Read(Account account, TokenSource source) {

    boolean fromRow() {
      return source == TokenSource.POSTGRES;
    }
  }

  /** How long a caller whose token is in memory waits for the check of it. */
  static final Duration REVALIDATION = Duration.ofSeconds(1);

  private final NearCache near;
  private final TokenCache cache;
  private final AccountStore store;
  private final Platforms platforms;
  private final Time time;
  private final StorageOutage outage;
  private final Scheduler scheduler;
  private final SharedReads reads;
  private final SharedReads rowReads;

  AccountReader(
      NearCache near,
      TokenCache cache,
      AccountStore store,
      Platforms platforms,
      Time time,
      Scheduler scheduler) {
    this.near = near;
    this.scheduler = scheduler;
    this.reads = new SharedReads(time);
    this.rowReads = new SharedReads(time);
    this.cache = cache;
    this.store = store;
    this.platforms = platforms;
    this.time = time;
    this.outage = new StorageOutage(time);
  }

  /**
   * The copy of this node if it may be served at once, else null. One that will soon be too old is
   * checked behind the answer, so that hardly any caller waits for that.
   */
  @Nullable Account near(long id) {
    return near.fresh(id, this::checkBehind);
  }

  private void checkBehind(long id) {
    if (!reads.runs(id)) {
      // A failure leaves the copy as old as it is; the next caller tries again.
      scheduler.soon(() -> reads.join(id, () -> readThrough(id)));
    }
  }

  /**
   * The account from the nearest place that has it; fails with {@code not_found} or {@code
   * storage_unavailable}. Where this node has a copy that is too old, the check of it is waited for
   * at most a second, by all callers together.
   */
  Future<Read> read(long id) {
    Account copy = near(id);
    if (copy != null) {
      return Future.succeededFuture(new Read(copy, TokenSource.NEAR));
    }
    SharedReads.Running check = reads.join(id, () -> readThrough(id));
    if (check.read().isComplete() || near.duringOutage(id).isEmpty()) {
      return check.read();
    }
    return new CallerDeadline(scheduler, reads.left(check, REVALIDATION))
        .await(check.read(), () -> unchecked(id, check.read()));
  }

  /** Stores that do not answer for so long count as down; the copy may have gone meanwhile. */
  private Future<Read> unchecked(long id, Future<Read> check) {
    return near.duringOutage(id)
        .map(account -> Future.succeededFuture(new Read(account, TokenSource.NEAR)))
        .orElse(check);
  }

  /** The row itself; fails with {@code not_found} or {@code storage_unavailable}. */
  Future<Read> row(long id) {
    return rowReads
        .join(
            id,
            () ->
                OnceMore.ifStorageFails(() -> store.find(id))
                    .onComplete(outage::ended)
                    .compose(found -> keepRow(id, found)))
        .read();
  }

  /**
   * Why PostgreSQL could not be asked when it was last tried; null where it could. Who asks and
   * then answers without it has the row read behind the answer, to see if it is back.
   */
  @Nullable Problem outage(long id) {
    Problem problem = outage.problem();
    if (problem != null && outage.askAgain()) {
      row(id);
    }
    return problem;
  }

  /**
   * Keeps a row that was just read, on this node and, where it has something to serve, in Redis.
   */
  void keep(Account account) {
    if (near.keep(account) && account.type() == AccountType.OAUTH) {
      Duration ttl = timeToLive(account);
      if (ttl.isPositive()) {
        cache.put(account, ttl);
      }
    }
  }

  /** Keeps a row that was just written; what Redis had of it before is served no more. */
  @Override
  public void keepWritten(Account account) {
    near.heardOf(account.id(), account.revision());
    keep(account);
    if (account.type() == AccountType.OAUTH && !timeToLive(account).isPositive()) {
      cache.remove(account.id(), account.revision());
    }
  }

  /** Forgets an account that was deleted. */
  @Override
  public void forget(Account last) {
    near.gone(last.id(), last.revision());
    cache.remove(last.id(), last.revision());
  }

  /** Somebody else wrote this revision. */
  @Override
  public void heardOf(long id, long revision) {
    near.heardOf(id, revision);
  }

  private Future<Read> readThrough(long id) {
    return cache
        .get(id)
        .compose(
            found ->
                found.filter(near::keep).isPresent()
                    ? Future.succeededFuture(new Read(found.get(), TokenSource.REDIS))
                    : withoutRedis(id));
  }

  private Future<Read> withoutRedis(long id) {
    Optional<Account> copy = outage(id) == null ? Optional.empty() : near.duringOutage(id);
    return copy.isPresent()
        ? Future.succeededFuture(new Read(copy.get(), TokenSource.NEAR))
        : row(id).recover(failure -> lastResort(id, failure));
  }

  private Future<Read> lastResort(long id, Throwable failure) {
    if (StorageOutage.of(failure) == null) {
      return Future.failedFuture(failure);
    }
    return near.duringOutage(id)
        .map(account -> Future.succeededFuture(new Read(account, TokenSource.NEAR)))
        .orElseGet(() -> Future.failedFuture(failure));
  }

  private Future<Read> keepRow(long id, Optional<Account> found) {
    if (found.isEmpty()) {
      return Future.failedFuture(notFound(id).exception());
    }
    keep(found.get());
    return Future.succeededFuture(new Read(found.get(), TokenSource.POSTGRES));
  }

  /**
   * How long Redis may keep it: until a little before the expiry, or as long as a bench of it
   * lasts.
   */
  private Duration timeToLive(Account account) {
    Instant now = time.instant();
    Credentials credentials = account.credentials();
    Optional<Platform> platform = platforms.find(account.platform());
    Duration left = credentials.leftAt(now);
    if (platform.isPresent() && left.isPositive()) {
      Duration early = left.minus(platform.get().margins(credentials.lifetime()).cacheSkew());
      left = early.isPositive() ? early : left;
    }
    Duration benched =
        account.benches().latest(now).map(b -> Duration.between(now, b.until())).orElse(left);
    Duration longest = left.compareTo(benched) >= 0 ? left : benched;
    return longest.compareTo(LONGEST) > 0 ? LONGEST : longest;
  }

  private static final Duration LONGEST = Duration.ofHours(24);

  static Problem notFound(long id) {
    return Problem.of(ProblemCode.NOT_FOUND, "There is no such account.");
  }
}
