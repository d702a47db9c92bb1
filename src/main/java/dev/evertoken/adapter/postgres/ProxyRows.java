package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.domain.WireName;
import io.vertx.sqlclient.Row;
import org.jspecify.annotations.Nullable;

/** Reads proxies from rows of {@link #COLUMNS}, alone or joined to an account. */
final class ProxyRows {

  /** Every column of a proxy, of a table with the alias {@code p}. */
  static final String COLUMNS =
      """
      p.id as p_id, p.seal_id as p_seal_id, p.name as p_name, p.kind as p_kind, p.host as p_host,
      p.port as p_port, p.username as p_username, p.password_sealed as p_password_sealed,
      p.disabled as p_disabled, p.revision as p_revision, p.created_at as p_created_at,
      p.updated_at as p_updated_at\
      """;

  private final SealedColumns columns;

  ProxyRows(SealedColumns columns) {
    this.columns = columns;
  }

  /** The proxy; null where an outer join found none. */
  @Nullable Proxy orNull(Row row) {
    return row.getLong("p_id") == null ? null : proxy(row);
  }

  Proxy proxy(Row row) {
    return new Proxy(
        row.getLong("p_id"),
        row.getString("p_name"),
        WireName.parse(ProxyKind.class, row.getString("p_kind")).orElseThrow(),
        row.getString("p_host"),
        row.getInteger("p_port"),
        row.getString("p_username"),
        columns.open(
            row.getUUID("p_seal_id"), SealedColumns.PASSWORD, row.getBuffer("p_password_sealed")),
        row.getBoolean("p_disabled"),
        row.getLong("p_revision"),
        row.getOffsetDateTime("p_created_at").toInstant(),
        row.getOffsetDateTime("p_updated_at").toInstant());
  }
}
