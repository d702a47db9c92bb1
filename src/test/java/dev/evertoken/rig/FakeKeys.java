package dev.evertoken.rig;

import dev.evertoken.domain.ApiKey;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.KeyStore;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Keys in memory, whose storage can be switched off. */
public final class FakeKeys implements KeyStore {

  /** How often a key was asked for. */
  public final AtomicInteger asked = new AtomicInteger();

  private final Map<Long, Created> keys = new HashMap<>();
  private final Time time;
  private volatile boolean down;

  public FakeKeys(Time time) {
    this.time = time;
  }

  public void down(boolean now) {
    down = now;
  }

  /** Makes a key with these scopes and no limits; answers what a caller presents. */
  public Secret with(Scope... scopes) {
    return create(new NewKey("k", Set.of(scopes), Set.of(), Set.of(), null, null))
        .result()
        .secret();
  }

  @Override
  public Future<Created> create(NewKey key) {
    long id = keys.size() + 1L;
    ApiKey made =
        new ApiKey(
            id,
            key.name(),
            key.scopes(),
            key.pools(),
            key.accounts(),
            key.expiresAt(),
            key.ratePerSecond(),
            1,
            time.instant());
    Created created = new Created(made, Secret.of("evt_" + id + "_canary-key-" + id));
    keys.put(id, created);
    return Future.succeededFuture(created);
  }

  @Override
  public Future<Optional<ApiKey>> authenticate(long id, Secret secret) {
    asked.incrementAndGet();
    if (down) {
      return Future.failedFuture(
          Problem.of(ProblemCode.STORAGE_UNAVAILABLE, "PostgreSQL is down.").exception());
    }
    return Future.succeededFuture(
        Optional.ofNullable(keys.get(id))
            .filter(key -> key.secret().reveal().endsWith("_" + secret.reveal()))
            .map(Created::key)
            .filter(key -> key.expiresAt() == null || time.instant().isBefore(key.expiresAt())));
  }

  @Override
  public Future<Optional<ApiKey>> find(long id) {
    return Future.succeededFuture(Optional.ofNullable(keys.get(id)).map(Created::key));
  }

  @Override
  public Future<List<ApiKey>> list(int limit, long afterId) {
    return Future.succeededFuture(keys.values().stream().map(Created::key).toList());
  }

  @Override
  public Future<Boolean> delete(long id) {
    return Future.succeededFuture(keys.remove(id) != null);
  }
}
