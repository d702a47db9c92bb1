package dev.evertoken.memory;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.domain.Suspension;
import dev.evertoken.memory.Ways.Held;
import dev.evertoken.memory.Ways.WayKey;
import dev.evertoken.port.ProxyStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The proxies. */
public final class MemoryProxies implements ProxyStore {

  private final MemoryDatabase database;

  public MemoryProxies(MemoryDatabase database) {
    this.database = database;
  }

  @Override
  public Future<Optional<Proxy>> find(long id) {
    return database.run(() -> Optional.ofNullable(database.proxies.rows.get(id)));
  }

  @Override
  public Future<Proxy> create(NewProxy proxy) {
    return database.run(() -> add(proxy));
  }

  private Proxy add(NewProxy proxy) {
    Instant now = database.now();
    Proxy row = row(database.proxies.newId(), proxy, false, 1, now, now);
    database.proxies.rows.put(row.id(), row);
    return row;
  }

  @Override
  public Future<Optional<Proxy>> createOnce(NewProxy proxy) {
    return database.run(
        () ->
            same(proxy.kind(), proxy.host(), proxy.port(), proxy.user()).stream()
                    .anyMatch(held -> Objects.equals(held.password(), proxy.password()))
                ? Optional.empty()
                : Optional.of(add(proxy)));
  }

  @Override
  public Future<Proxy> change(long id, NewProxy proxy, boolean disabled, OptionalLong ifRevision) {
    return database.run(
        () -> {
          Proxy had = found(id, ifRevision);
          Proxy row = row(id, proxy, disabled, had.revision() + 1, had.createdAt(), database.now());
          database.proxies.rows.put(id, row);
          if (disabled) {
            close(Suspension.Kind.PROXY_DISABLED, id, "switched off by an operator");
          } else {
            database.ways.suspensions.remove(new WayKey(Suspension.Kind.PROXY_DISABLED, null, id));
          }
          return row;
        });
  }

  private void close(Suspension.Kind kind, long id, String why) {
    Instant now = database.now();
    Suspension closed = new Suspension(kind, null, id, why, now, now);
    database.ways.suspensions.putIfAbsent(
        WayKey.of(closed), new Held(closed, null, new HashMap<>()));
  }

  @Override
  public Future<List<Proxy>> list(int limit, long afterId) {
    return database.run(
        () ->
            database.proxies.rows.values().stream()
                .filter(proxy -> proxy.id() > afterId)
                .limit(limit)
                .toList());
  }

  @Override
  public Future<Set<String>> platformsOf(long id) {
    return database.run(
        () ->
            database
                .live()
                .filter(row -> row.proxyId != null && row.proxyId == id)
                .map(row -> row.platform)
                .collect(Collectors.toSet()));
  }

  @Override
  public Future<List<Proxy>> at(ProxyKind kind, String host, int port, @Nullable String user) {
    return database.run(() -> same(kind, host, port, user));
  }

  private List<Proxy> same(ProxyKind kind, String host, int port, @Nullable String user) {
    return database.proxies.rows.values().stream()
        .filter(proxy -> proxy.kind() == kind && proxy.host().equals(host))
        .filter(proxy -> proxy.port() == port && Objects.equals(proxy.user(), user))
        .toList();
  }

  @Override
  public Future<Void> delete(long id, boolean force, OptionalLong ifRevision) {
    return database.run(
        () -> {
          found(id, ifRevision);
          boolean used = database.live().anyMatch(row -> row.proxyId != null && row.proxyId == id);
          if (used && !force) {
            throw Problem.of(ProblemCode.CONFLICT, "Accounts use the proxy.").exception();
          }
          database.proxies.rows.remove(id);
          database
              .ways
              .suspensions
              .values()
              .removeIf(held -> Objects.equals(held.suspension().proxyId(), id));
          if (used) {
            close(Suspension.Kind.PROXY_MISSING, id, "deleted while accounts used it");
          }
          return null;
        });
  }

  private Proxy found(long id, OptionalLong ifRevision) {
    Proxy had = database.proxies.rows.get(id);
    if (had == null) {
      throw Problem.of(ProblemCode.NOT_FOUND, "There is no such proxy.").exception();
    }
    if (ifRevision.isPresent() && ifRevision.getAsLong() != had.revision()) {
      throw Problem.of(ProblemCode.PRECONDITION_FAILED, "The proxy has changed since it was read.")
          .exception();
    }
    return had;
  }

  private static Proxy row(
      long id, NewProxy proxy, boolean disabled, long revision, Instant createdAt, Instant now) {
    return new Proxy(
        id,
        proxy.name(),
        proxy.kind(),
        proxy.host(),
        proxy.port(),
        proxy.user(),
        proxy.password(),
        disabled,
        revision,
        createdAt,
        now);
  }
}
