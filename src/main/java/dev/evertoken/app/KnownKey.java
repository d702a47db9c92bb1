package dev.evertoken.app;

import dev.evertoken.domain.ApiKey;
import dev.evertoken.domain.Caller;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A key that was right when PostgreSQL was last asked. */
final class KnownKey {

  private final ApiKey key;
  private final Future<Caller> caller;
  private final byte[] digest;
  private final long checkedAt;
  private final @Nullable CallRate rate;
  private final AtomicBoolean checking = new AtomicBoolean();
  private volatile boolean unverifiable;
  private volatile long triedAt;

  KnownKey(ApiKey key, byte[] digest, long checkedAt, @Nullable CallRate rate) {
    this.key = key;
    this.caller = Future.succeededFuture(key.caller());
    this.digest = digest;
    this.checkedAt = checkedAt;
    this.triedAt = checkedAt;
    this.rate = rate;
  }

  /** Who it is, as a future that every call with it can be given. */
  Future<Caller> caller() {
    return caller;
  }

  @Nullable CallRate rate() {
    return rate;
  }

  boolean is(byte[] presented) {
    return MessageDigest.isEqual(digest, presented);
  }

  boolean expired(Time time) {
    return key.expiresAt() != null && !time.instant().isBefore(key.expiresAt());
  }

  long age(long now) {
    return now - checkedAt;
  }

  boolean admits(long now) {
    return rate == null || rate.take(now);
  }

  /** Whether PostgreSQL could not be asked when it was last tried. */
  boolean unverifiable() {
    return unverifiable;
  }

  /** Takes the right to ask again, for one at a time and not more often than the pause. */
  boolean mayCheck(long now, long pause) {
    return now - triedAt >= pause && checking.compareAndSet(false, true);
  }

  void checked(boolean answered, long now) {
    triedAt = now;
    unverifiable = !answered;
    checking.set(false);
  }
}
