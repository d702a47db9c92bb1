package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.ProxyStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The proxies in PostgreSQL. */
final class PostgresProxies implements ProxyStore {

  private static final String FIND =
      "select %s from proxies p where id = $1".formatted(ProxyRows.COLUMNS);

  private static final String LIST =
      "select %s from proxies p where id > $2 order by id limit $1".formatted(ProxyRows.COLUMNS);

  private static final String AT =
      """
      select %s from proxies p
      where kind = $1 and host = $2 and port = $3 and username is not distinct from $4
      order by id limit 100
      """
          .formatted(ProxyRows.COLUMNS);

  private static final String CREATE =
      """
      insert into proxies as p (name, kind, host, port, username, seal_id, password_sealed)
      values ($1, $2, $3, $4, $5, $6, $7)
      returning %s
      """
          .formatted(ProxyRows.COLUMNS);

  private static final String CREATE_ONCE =
      """
      insert into proxies as p
        (name, kind, host, port, username, seal_id, password_sealed, import_mac)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (import_mac) do nothing
      returning %s
      """
          .formatted(ProxyRows.COLUMNS);

  private static final String CHANGE =
      """
      update proxies p set name = $1, kind = $2, host = $3, port = $4, username = $5, seal_id = $6,
        password_sealed = $7, disabled = $8,
        import_mac = case when import_mac = $11 then import_mac end, revision = revision + 1,
        updated_at = clock_timestamp()
      where id = $9 and ($10::bigint is null or revision = $10)
      returning %s
      """
          .formatted(ProxyRows.COLUMNS);

  private static final String PLATFORMS =
      "select distinct platform from accounts where proxy_id = $1 and deleted_at is null";

  private static final String DELETE =
      """
      with users as (
        select exists (
          select 1 from accounts where proxy_id = $1 and deleted_at is null) as any_left
      ), gone as (
        delete from proxies where id = $1 and ($3::bigint is null or revision = $3)
          and ($2::boolean or not (select any_left from users))
        returning id
      ), over as (
        delete from suspensions s where proxy_id in (select id from gone)
          or (kind = 'proxy_missing' and not exists (
            select 1 from accounts a where a.proxy_id = s.proxy_id and a.deleted_at is null))
      ), left_behind as (
        insert into suspensions (kind, proxy_id, reason, since, probe_at)
        select 'proxy_missing', id, 'deleted while accounts used it', clock_timestamp(),
          clock_timestamp()
        from gone where (select any_left from users)
      )
      select id from gone
      """;

  private final Database database;
  private final Installation installation;
  private final SealedColumns columns;
  private final ProxyRows rows;

  PostgresProxies(Database database, Installation installation) {
    this.database = database;
    this.installation = installation;
    this.columns = installation.columns();
    this.rows = new ProxyRows(columns);
  }

  @Override
  public Future<Optional<Proxy>> find(long id) {
    return one(FIND, Tuple.of(id));
  }

  @Override
  public Future<Proxy> create(NewProxy proxy) {
    return one(CREATE, fields(proxy)).map(Optional::orElseThrow);
  }

  @Override
  public Future<Optional<Proxy>> createOnce(NewProxy proxy) {
    return one(CREATE_ONCE, fields(proxy).addBuffer(installation.macOf(proxy)));
  }

  @Override
  public Future<Proxy> change(long id, NewProxy proxy, boolean disabled, OptionalLong ifRevision) {
    Tuple arguments =
        fields(proxy)
            .addBoolean(disabled)
            .addLong(id)
            .addLong(boxed(ifRevision))
            .addBuffer(installation.macOf(proxy));
    return one(CHANGE, arguments)
        .compose(
            changed ->
                changed.map(Future::succeededFuture).orElseGet(() -> refused(id, ifRevision)));
  }

  @Override
  public Future<List<Proxy>> list(int limit, long afterId) {
    return database
        .query(LIST, Tuple.of(limit, afterId))
        .map(found -> found.stream().map(rows::proxy).toList());
  }

  @Override
  public Future<Set<String>> platformsOf(long id) {
    return database
        .query(PLATFORMS, Tuple.of(id))
        .map(
            found ->
                found.stream().map(row -> row.getString("platform")).collect(Collectors.toSet()));
  }

  @Override
  public Future<List<Proxy>> at(ProxyKind kind, String host, int port, @Nullable String user) {
    return database
        .query(AT, Tuple.of(WireName.of(kind), host, port, user))
        .map(found -> found.stream().map(rows::proxy).toList());
  }

  @Override
  public Future<Void> delete(long id, boolean force, OptionalLong ifRevision) {
    return database
        .query(DELETE, Tuple.of(id, force, boxed(ifRevision)))
        .compose(
            deleted -> deleted.size() > 0 ? Future.succeededFuture() : refused(id, ifRevision));
  }

  private <T> Future<T> refused(long id, OptionalLong ifRevision) {
    return find(id).compose(found -> Future.failedFuture(why(found, ifRevision).exception()));
  }

  private static Problem why(Optional<Proxy> found, OptionalLong ifRevision) {
    if (found.isEmpty()) {
      return Problem.of(ProblemCode.NOT_FOUND, "There is no such proxy.");
    }
    if (ifRevision.isPresent() && ifRevision.getAsLong() != found.get().revision()) {
      return Problem.of(
          ProblemCode.PRECONDITION_FAILED, "The proxy has changed since it was read.");
    }
    return Problem.of(ProblemCode.CONFLICT, "Accounts use the proxy.");
  }

  private Tuple fields(NewProxy proxy) {
    UUID sealId = UUID.randomUUID();
    Buffer password = columns.seal(sealId, SealedColumns.PASSWORD, proxy.password());
    return Tuple.tuple()
        .addString(proxy.name())
        .addString(WireName.of(proxy.kind()))
        .addString(proxy.host())
        .addInteger(proxy.port())
        .addString(proxy.user())
        .addUUID(sealId)
        .addBuffer(password);
  }

  private Future<Optional<Proxy>> one(String sql, Tuple arguments) {
    return database.query(sql, arguments).map(found -> found.stream().findFirst().map(rows::proxy));
  }

  private static @Nullable Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
