package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Secret;
import dev.evertoken.port.Sealer;
import dev.evertoken.rig.Jdbc;
import io.vertx.core.buffer.Buffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;

/** Any number of accounts, made by PostgreSQL itself; their ids begin with 1. */
public final class ManyAccounts {

  private static final UUID INCARNATION = UUID.randomUUID();

  private ManyAccounts() {}

  /**
   * Four platforms; a large pool, one of a tenth, and one that has its few members at the very end;
   * of a hundred accounts one in error, one paused, one benched, and one on the proxy 1.
   */
  static void fill(StoreRig rig, int accounts) {
    try (Connection connection = Jdbc.connect(rig.uri)) {
      fill(connection, rig.stores.installation(), rig.sealer, accounts);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The same in any database of ours. */
  public static void fill(Connection connection, UUID installation, Sealer sealer, int accounts)
      throws SQLException {
    Buffer token =
        Objects.requireNonNull(
            new SealedColumns(installation, sealer)
                .seal(INCARNATION, SealedColumns.ACCESS, Secret.of("t".repeat(200))));
    run(
        connection,
        """
        insert into accounts (incarnation, platform, type, name, status, paused, priority, pools,
          proxy_id, access_sealed, expires_at, refresh_due_at, benches)
        select '%2$s', (array['antigravity', 'gemini', 'anthropic', 'openai'])[1 + i %% 4],
          'oauth', 'account-' || i,
          case when i %% 100 = 1 then 'error' when i %% 1000 = 7 then 'disabled' else 'active' end,
          i %% 100 = 2, i %% 100,
          array['large']
            || case when i %% 10 = 0 then array['tenth'] else array[]::text[] end
            || case when i > %1$d - 20 then array['last'] else array[]::text[] end,
          case when i %% 2 = 0 then 1 + (i / 2) %% 50 end,
          '\\x%3$s'::bytea, now() + interval '40 minutes', now() + interval '25 minutes',
          case when i %% 100 = 3 then jsonb_build_object('manual', jsonb_build_object(
            'until', to_char(now() + interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'reason', 'bench', 'since', '2026-01-01T00:00:00Z', 'trigger', 'operator'))
          when i %% 1000 = 13 then jsonb_build_object('refresh_failed', jsonb_build_object(
            'until', to_char(now() + interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            'reason', 'bench', 'since', '2026-01-01T00:00:00Z', 'trigger', 'operator'))
          else '{}' end
        from generate_series(1, %1$d) i
        """
            .formatted(accounts, INCARNATION, HexFormat.of().formatHex(token.getBytes())));
    run(
        connection,
        """
        insert into suspensions (kind, platform, proxy_id, reason, since, probe_at)
        values ('proxy', null, 1, 'down', now(), now() + interval '1 day'),
          ('route', 'gemini', 2, 'down', now(), now() + interval '1 day'),
          ('unreadable', 'antigravity', 3, 'down', now(), now() + interval '1 day'),
          ('route_throttled', 'anthropic', 4, '429', now(), now() + interval '1 day')
        """);
    run(
        connection,
        """
        insert into proxies (id, seal_id, name, kind, host, port, disabled)
        values (5, gen_random_uuid(), 'off', 'http', '127.0.0.1', 1, true)
        """);
    run(connection, "vacuum analyze accounts");
    run(connection, "vacuum analyze account_pools");
    run(connection, "vacuum analyze pool_sizes");
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
