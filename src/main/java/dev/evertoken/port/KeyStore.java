package dev.evertoken.port;

import dev.evertoken.domain.ApiKey;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The API keys; only a keyed hash of each is stored. */
public interface KeyStore {

  /**
   * Creates a key and answers it with its secret, {@code evt_<id>_<secret>}, which is shown once.
   */
  Future<Created> create(NewKey key);

  /**
   * The live key of that id if the secret is right (constant time) and it has not expired.
   *
   * @param secret the last part of {@code evt_<id>_<secret>}
   */
  Future<Optional<ApiKey>> authenticate(long id, Secret secret);

  Future<Optional<ApiKey>> find(long id);

  Future<List<ApiKey>> list(int limit, long afterId);

  /** False: there was none. */
  Future<Boolean> delete(long id);

  record NewKey(
      String name,
      Set<Scope> scopes,
      Set<String> pools,
      Set<Long> accounts,
      @Nullable Instant expiresAt,
      @Nullable Integer ratePerSecond) {}

  record Created(ApiKey key, Secret secret) {}
}
