package dev.evertoken.adapter.redis;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.Sealer;
import dev.evertoken.port.TokenCache;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cache of answers in Redis: one hash an account, {@code rev}, {@code sealed} and {@code
 * bench}, or {@code rev} and {@code gone} for a tombstone.
 *
 * <p>The account is sealed together with its key, revision and benches: an entry that was changed,
 * or moved to another account or revision, does not open, is dropped and counts as a miss. A
 * command ends within 250 ms; after the first that does not, all are misses at once until Redis
 * answers again. What could not be written meanwhile is made up for before Redis is read again.
 */
public final class RedisTokenCache implements TokenCache {

  /** How long a command may take before Redis counts as away. */
  public static final Duration DEADLINE = Duration.ofMillis(250);

  /** Few enough to leave the tokens of callers most of the connection. */
  private static final int RESEALED_AT_ONCE = 50;

  private static final Logger LOG = LoggerFactory.getLogger(RedisTokenCache.class);

  private final String installation;
  private final Sealer sealer;
  private final MissedWrites missed;
  private final RedisLink link;
  private final AtomicLong refused = new AtomicLong();

  /** A cache for that installation; {@link #start()} connects it. */
  public RedisTokenCache(Vertx vertx, RedisTarget target, String installation, Sealer sealer) {
    this(vertx, target, installation, sealer, DEADLINE);
  }

  RedisTokenCache(
      Vertx vertx, RedisTarget target, String installation, Sealer sealer, Duration deadline) {
    this.installation = installation;
    this.sealer = sealer;
    this.missed = new MissedWrites(installation);
    this.link = new RedisLink(vertx, target.options(), deadline, missed::repeat);
  }

  /** Connects; completes, and never fails, when the first attempt has ended. */
  public Future<Void> start() {
    return link.start();
  }

  /** Gives the connection up for good. */
  public Future<Void> close() {
    return link.close();
  }

  @Override
  public boolean up() {
    return link.up();
  }

  /** How many entries were found that somebody must have tampered with, or that cannot be read. */
  public long refusedEntries() {
    return refused.get();
  }

  @Override
  public Future<Optional<Account>> get(long account) {
    CacheEntry entry = new CacheEntry(installation, account);
    return link.send(entry.read())
        .map(fields -> read(account, fields))
        .otherwise(failure -> unread(account, failure));
  }

  @Override
  public Future<Void> put(Account account, Duration ttl) {
    return link.up() ? write(account, ttl) : missedPut(account);
  }

  @Override
  public Future<Void> remove(long account, long revision) {
    CacheEntry entry = new CacheEntry(installation, account);
    return entry
        .bury(link, revision)
        .recover(failure -> deleteInstead(entry, failure))
        .onFailure(failure -> missed.removed(account, revision))
        .otherwiseEmpty()
        .mapEmpty();
  }

  @Override
  public Future<Integer> reseal(List<Long> accounts) {
    Future<Integer> all = Future.succeededFuture(0);
    for (int from = 0; from < accounts.size(); from += RESEALED_AT_ONCE) {
      List<Long> some = accounts.subList(from, Math.min(accounts.size(), from + RESEALED_AT_ONCE));
      all = all.compose(before -> resealSome(some).map(count -> before + count));
    }
    return all.recover(failure -> Future.failedFuture(away()));
  }

  private Future<Integer> resealSome(List<Long> accounts) {
    return Future.all(accounts.stream().map(this::resealOne).toList())
        .map(all -> all.<Integer>list().stream().mapToInt(Integer::intValue).sum());
  }

  private Future<Integer> resealOne(long account) {
    CacheEntry entry = new CacheEntry(installation, account);
    return link.send(entry.read())
        .compose(
            fields ->
                fields == null || fields.get(1) == null || sealer.current(fields.get(1).toBytes())
                    ? Future.succeededFuture(0)
                    : link.send(resealed(entry, account, fields)).map(1));
  }

  private Request resealed(CacheEntry entry, long account, Response fields) {
    byte[] old = fields.get(1).toBytes();
    try {
      String context =
          context(account, Long.parseLong(fields.get(0).toString()), fields.get(2).toString());
      return entry.reseal(old, sealer.reseal(old, context));
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("account", account)
          .addKeyValue("cause", "does not open")
          .log("cache entry dropped");
      return entry.delete();
    }
  }

  private static ProblemException away() {
    return Problem.of(ProblemCode.STORAGE_UNAVAILABLE, "Redis cannot be used at the moment.")
        .withRetryAfter(Duration.ofSeconds(2))
        .exception();
  }

  private Future<Void> write(Account account, Duration ttl) {
    CacheEntry entry = new CacheEntry(installation, account.id());
    String bench = BenchesCodec.encode(account.benches());
    String context = context(account.id(), account.revision(), bench);
    byte[] sealed = sealer.seal(AccountCodec.encode(account), context);
    return entry
        .write(link, account.revision(), sealed, bench, ttl)
        .recover(failure -> deleteInstead(entry, failure))
        .compose(done -> Future.<Void>succeededFuture(), failure -> missedPut(account));
  }

  private Future<Void> missedPut(Account account) {
    missed.written(account.id(), account.revision());
    return Future.succeededFuture();
  }

  /** Where Redis refuses to write (full, or a value of another kind), the old entry must go. */
  private Future<@Nullable Response> deleteInstead(CacheEntry entry, Throwable failure) {
    return RedisAway.refusal(failure) ? link.send(entry.delete()) : Future.failedFuture(failure);
  }

  private Optional<Account> read(long account, @Nullable Response fields) {
    if (fields == null || fields.get(1) == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(open(account, fields));
    } catch (Sealer.CannotOpen e) {
      // Another node may have a keyset that this one has not read yet: the entry is good for it.
      return e.unknownKey() ? Optional.empty() : refuse(account, "does not open");
    } catch (RuntimeException e) {
      return refuse(account, "cannot be read");
    }
  }

  private Account open(long id, Response fields) {
    long revision = Long.parseLong(fields.get(0).toString());
    String bench = fields.get(2).toString();
    Secret plain = sealer.open(fields.get(1).toBytes(), context(id, revision, bench));
    return AccountCodec.decode(plain, BenchesCodec.decode(bench));
  }

  private Optional<Account> unread(long account, Throwable failure) {
    return RedisAway.refusal(failure)
        ? refuse(account, RedisAway.reason(failure))
        : Optional.empty();
  }

  private Optional<Account> refuse(long account, String why) {
    refused.incrementAndGet();
    LOG.atWarn()
        .addKeyValue("account", account)
        .addKeyValue("cause", why)
        .log("cache entry refused");
    // A failure to delete leaves an entry that is refused again.
    link.send(new CacheEntry(installation, account).delete());
    return Optional.empty();
  }

  /** What an entry belongs to; the benches are in it, so that nobody can edit them either. */
  private String context(long account, long revision, String bench) {
    return installation + "|" + account + "|cache|" + revision + "|" + bench;
  }
}
