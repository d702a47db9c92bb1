package dev.evertoken.port;

import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.domain.Secret;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The proxies; their passwords are sealed at rest. */
public interface ProxyStore {

  Future<Optional<Proxy>> find(long id);

  Future<Proxy> create(NewProxy proxy);

  /** Creates it, of many at once only one; empty: that one is there. */
  Future<Optional<Proxy>> createOnce(NewProxy proxy);

  /** Fails with {@code not_found} or {@code precondition_failed}. */
  Future<Proxy> change(long id, NewProxy proxy, boolean disabled, OptionalLong ifRevision);

  Future<List<Proxy>> list(int limit, long afterId);

  /** The platforms whose live accounts use it. */
  Future<Set<String>> platformsOf(long id);

  /** Those of that address and user, by id. */
  Future<List<Proxy>> at(ProxyKind kind, String host, int port, @Nullable String user);

  /** Fails with {@code conflict} while accounts use it, unless forced. */
  Future<Void> delete(long id, boolean force, OptionalLong ifRevision);

  record NewProxy(
      String name,
      ProxyKind kind,
      String host,
      int port,
      @Nullable String user,
      @Nullable Secret password) {}
}
