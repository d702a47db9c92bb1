package dev.evertoken.app;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.evertoken.domain.ApiKey;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.KeyRefusal;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.KeyStore;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells who presents a key: the bootstrap admin key, or one of PostgreSQL's.
 *
 * <p>A key that was right is trusted for 5 s, which is how long a deleted one may still work on a
 * node that no notice reached; it is asked for again ahead of that, so that callers do not wait.
 * While PostgreSQL cannot be asked it stays trusted up to the outage limit, so that valid tokens
 * keep flowing. Only digests of what was presented are kept. Safe for any thread.
 */
public final class CallerAuthentication {

  /** How long a deleted key may still work on another node that no notice of it reached. */
  static final Duration TRUSTED = Duration.ofSeconds(5);

  private static final Duration ASKED_AGAIN = Duration.ofSeconds(3);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int MOST_KEYS = 10_000;

  /** One for each thread: asking the providers for one costs more than the digest itself. */
  private static final ThreadLocal<MessageDigest> SHA256 =
      ThreadLocal.withInitial(CallerAuthentication::sha256);

  private final KeyStore keys;
  private final byte[] adminDigest;
  private final Time time;
  private final Duration maxOutage;
  private final List<LongConsumer> mourners = new CopyOnWriteArrayList<>();
  private final List<Consumer<KeyRefusal>> doormen = new CopyOnWriteArrayList<>();
  private final Map<Long, KnownKey> known = new ConcurrentHashMap<>();

  /** Keys that were deleted a moment ago: an answer that was under way knows nothing of it. */
  private final Cache<Long, Boolean> ended =
      Caffeine.newBuilder()
          .maximumSize(MOST_KEYS)
          .expireAfterWrite(TRUSTED.multipliedBy(12))
          .build();

  private final Map<ByteBuffer, Future<KnownKey>> asking = new ConcurrentHashMap<>();

  /**
   * Builds it.
   *
   * @param adminKey the bootstrap key, which needs no database
   * @param maxOutage how long a known key works while PostgreSQL cannot be asked
   */
  public CallerAuthentication(KeyStore keys, Secret adminKey, Time time, Duration maxOutage) {
    this.keys = keys;
    this.adminDigest = digest(adminKey);
    this.time = time;
    this.maxOutage = maxOutage;
  }

  /** The caller; fails with {@code unauthenticated}, {@code rate_limited} or a storage problem. */
  public Future<Caller> authenticate(Secret presented) {
    byte[] digest = digest(presented);
    if (MessageDigest.isEqual(digest, adminDigest)) {
      return Future.succeededFuture(Caller.trusted("key:admin"));
    }
    long id = PresentedKey.idOf(presented);
    if (id == 0) {
      refused(KeyRefusal.MALFORMED);
      return Future.failedFuture(unauthenticated());
    }
    KnownKey key = known.get(id);
    return key != null && key.is(digest)
        ? again(key, id, digest, presented)
        : ask(id, digest, presented).onFailure(this::unknown).compose(this::admit);
  }

  private void unknown(Throwable failure) {
    if (failure instanceof ProblemException expected
        && expected.problem().code() == ProblemCode.UNAUTHENTICATED) {
      refused(KeyRefusal.UNKNOWN);
    }
  }

  /** Counts a call that was refused for its key, or the want of one. */
  public void refused(KeyRefusal why) {
    doormen.forEach(doorman -> doorman.accept(why));
  }

  /** Calls with each refusal, on the thread that refused. */
  public void whenRefused(Consumer<KeyRefusal> doorman) {
    doormen.add(doorman);
  }

  /** Forgets a key that has been deleted: it stops working on this node at once. */
  public void forget(long id) {
    ended.put(id, true);
    known.remove(id);
    mourners.forEach(mourner -> mourner.accept(id));
  }

  /** Calls with the id of each key that was deleted, on the thread that told. */
  public void whenForgotten(LongConsumer mourner) {
    mourners.add(mourner);
  }

  private Future<Caller> again(KnownKey key, long id, byte[] digest, Secret presented) {
    long now = time.nanos();
    long age = key.age(now);
    if (key.expired(time)) {
      refused(KeyRefusal.EXPIRED);
      return Future.failedFuture(unauthenticated());
    }
    if (age >= ASKED_AGAIN.toNanos() && key.mayCheck(now, PAUSE.toNanos())) {
      ask(id, digest, presented)
          .onSuccess(checked -> key.checked(true, time.nanos()))
          .onFailure(failure -> key.checked(!isStorage(failure), time.nanos()));
    }
    if (age < TRUSTED.toNanos() || (key.unverifiable() && age < maxOutage.toNanos())) {
      return admit(key, now);
    }
    return ask(id, digest, presented)
        .recover(failure -> fallBack(key, failure))
        .onFailure(this::unknown)
        .compose(this::admit);
  }

  private Future<KnownKey> fallBack(KnownKey key, Throwable failure) {
    return isStorage(failure) && key.age(time.nanos()) < maxOutage.toNanos()
        ? Future.succeededFuture(key)
        : Future.failedFuture(failure);
  }

  /** One question a key at a time, whoever asks. */
  private Future<KnownKey> ask(long id, byte[] digest, Secret presented) {
    ByteBuffer flight = ByteBuffer.wrap(digest);
    Future<KnownKey> answer =
        asking.computeIfAbsent(flight, mine -> question(id, digest, presented));
    return answer.onComplete(end -> asking.remove(flight, answer));
  }

  private Future<KnownKey> question(long id, byte[] digest, Secret presented) {
    return keys.authenticate(id, PresentedKey.lastPart(presented))
        .compose(found -> learn(id, digest, found));
  }

  private Future<KnownKey> learn(long id, byte[] digest, Optional<ApiKey> found) {
    KnownKey before = known.get(id);
    if (found.isEmpty()) {
      if (before != null && before.is(digest)) {
        known.remove(id);
      }
      return Future.failedFuture(unauthenticated());
    }
    KnownKey key = new KnownKey(found.get(), digest, time.nanos(), rate(found.get(), before));
    known.put(id, key);
    if (ended.getIfPresent(id) != null) {
      known.remove(id);
      return Future.failedFuture(unauthenticated());
    }
    tidy();
    return Future.succeededFuture(key);
  }

  /** Only keys that exist are here; those that nobody uses any more go once they are many. */
  private void tidy() {
    if (known.size() > MOST_KEYS) {
      long now = time.nanos();
      known.values().removeIf(key -> key.age(now) > TRUSTED.toNanos());
    }
  }

  private @Nullable CallRate rate(ApiKey key, @Nullable KnownKey before) {
    Integer perSecond = key.ratePerSecond();
    if (perSecond == null) {
      return null;
    }
    CallRate used = before == null ? null : before.rate();
    return used != null && used.perSecond() == perSecond
        ? used
        : new CallRate(perSecond, time.nanos());
  }

  private Future<Caller> admit(KnownKey key) {
    return admit(key, time.nanos());
  }

  private static Future<Caller> admit(KnownKey key, long now) {
    return key.admits(now) ? key.caller() : Future.failedFuture(tooMany());
  }

  private static boolean isStorage(Throwable failure) {
    return failure instanceof ProblemException expected
        && (expected.problem().code() == ProblemCode.STORAGE_UNAVAILABLE
            || expected.problem().code() == ProblemCode.OVERLOADED);
  }

  private static ProblemException unauthenticated() {
    return Problem.of(ProblemCode.UNAUTHENTICATED, "The API key is unknown or has ended.")
        .exception();
  }

  private static ProblemException tooMany() {
    return Problem.of(ProblemCode.RATE_LIMITED, "This API key makes too many calls a second.")
        .withRetryAfter(Duration.ofSeconds(1))
        .exception();
  }

  private static byte[] digest(Secret secret) {
    return SHA256.get().digest(secret.reveal().getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
