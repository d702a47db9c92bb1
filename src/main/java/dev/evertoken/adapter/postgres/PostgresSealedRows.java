package dev.evertoken.adapter.postgres;

import dev.evertoken.port.SealedRows;
import dev.evertoken.port.Sealer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sealed columns of PostgreSQL under the primary key; no revision moves, as nothing changes
 * that anybody could see.
 */
final class PostgresSealedRows implements SealedRows {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresSealedRows.class);

  private static final String INSTALLATION = "select id, fingerprint_key_sealed from installation";

  private static final String INSTALLATION_RESEALED =
      "update installation set fingerprint_key_sealed = $2 where fingerprint_key_sealed = $1";

  private static final String PROXIES =
      """
      select id, seal_id as owner, password_sealed from proxies
      where password_sealed is not null order by id
      """;

  private static final String ACCOUNTS =
      """
      select id, incarnation as owner, access_sealed, refresh_sealed, api_key_sealed from accounts
      where id > $1 order by id limit $2
      """;

  private static final List<String> OF_ACCOUNTS =
      List.of(SealedColumns.ACCESS, SealedColumns.REFRESH, SealedColumns.API_KEY);

  private final Database database;
  private final Installation installation;
  private final Sealer sealer;

  PostgresSealedRows(Database database, Installation installation, Sealer sealer) {
    this.database = database;
    this.installation = installation;
    this.sealer = sealer;
  }

  @Override
  public String primaryKey() {
    return sealer.primary();
  }

  @Override
  public List<String> knownKeys() {
    return sealer.known();
  }

  @Override
  public Future<Resealed> resealShared() {
    return database
        .query(INSTALLATION, Tuple.tuple())
        .compose(rows -> installation(rows.iterator().next().getBuffer(1)))
        .compose(
            own ->
                database
                    .query(PROXIES, Tuple.tuple())
                    .compose(rows -> column("proxies", SealedColumns.PASSWORD, rows))
                    .map(own::and));
  }

  private Future<Resealed> installation(Buffer sealed) {
    if (sealer.current(sealed.getBytes())) {
      return Future.succeededFuture(Resealed.NONE);
    }
    byte[] fresh = sealer.reseal(sealed.getBytes(), installation.fingerprintContext());
    return database
        .query(INSTALLATION_RESEALED, Tuple.of(sealed, Buffer.buffer(fresh)))
        .map(written -> new Resealed(written.rowCount(), 0));
  }

  @Override
  public Future<Page> resealAccounts(long afterId, int limit) {
    return database
        .query(ACCOUNTS, Tuple.of(afterId, limit))
        .compose(rows -> columns(rows).map(resealed -> new Page(ids(rows), resealed)));
  }

  private static List<Long> ids(RowSet<Row> rows) {
    List<Long> ids = new ArrayList<>(rows.size());
    rows.forEach(row -> ids.add(row.getLong("id")));
    return ids;
  }

  private Future<Resealed> columns(RowSet<Row> rows) {
    Future<Resealed> all = Future.succeededFuture(Resealed.NONE);
    for (String name : OF_ACCOUNTS) {
      all = all.compose(before -> column("accounts", name, rows).map(before::and));
    }
    return all;
  }

  private Future<Resealed> column(String table, String name, RowSet<Row> rows) {
    Fresh fresh = new Fresh();
    for (Row row : rows) {
      Buffer sealed = row.getBuffer(name);
      if (sealed != null && !sealer.current(sealed.getBytes())) {
        reseal(table, name, row, sealed, fresh);
      }
    }
    return fresh.ids.isEmpty()
        ? Future.succeededFuture(new Resealed(0, fresh.left))
        : database
            .query(resealed(table, name), fresh.arguments())
            .map(written -> new Resealed(written.rowCount(), fresh.left));
  }

  private void reseal(String table, String name, Row row, Buffer sealed, Fresh fresh) {
    try {
      String context = installation.columns().context(row.getUUID("owner"), name);
      fresh.add(row.getLong("id"), sealed, sealer.reseal(sealed.getBytes(), context));
    } catch (Sealer.CannotOpen e) {
      fresh.left++;
      LOG.atError()
          .addKeyValue("table", table)
          .addKeyValue("id", row.getLong("id"))
          .addKeyValue("cause", e.getMessage())
          .log("secret_cannot_be_opened");
    }
  }

  /** The rows are locked in the order of their ids, so two runs never cross. */
  private static String resealed(String table, String column) {
    return """
    with fresh as (
      select f.id, f.old, f.new from unnest($1::bigint[], $2::bytea[], $3::bytea[]) f (id, old, new)
    ), held as (
      select t.id from %1$s t join fresh on fresh.id = t.id order by t.id for update of t
    )
    update %1$s t set %2$s = fresh.new from fresh join held on held.id = fresh.id
    where t.id = fresh.id and t.%2$s = fresh.old
    """
        .formatted(table, column);
  }

  /** What is to be written of one column. */
  private static final class Fresh {

    private final List<Long> ids = new ArrayList<>();
    private final List<Buffer> old = new ArrayList<>();
    private final List<Buffer> resealed = new ArrayList<>();
    private int left;

    void add(long id, Buffer sealed, byte[] fresh) {
      ids.add(id);
      old.add(sealed);
      resealed.add(Buffer.buffer(fresh));
    }

    Tuple arguments() {
      return Tuple.tuple()
          .addArrayOfLong(ids.toArray(Long[]::new))
          .addArrayOfBuffer(old.toArray(Buffer[]::new))
          .addArrayOfBuffer(resealed.toArray(Buffer[]::new));
    }
  }
}
