package dev.evertoken.bench;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.adapter.postgres.DatabaseLimits;
import dev.evertoken.adapter.postgres.Postgres;
import dev.evertoken.adapter.postgres.PostgresAddress;
import dev.evertoken.dev.LocalPostgres;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Secret;
import dev.evertoken.rig.Jdbc;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A database of that many accounts of which 1 000 are due, anywhere in the table. */
final class Fleet implements AutoCloseable {

  private static final int DUE = 1_000;
  private static final int PAGE = 100;

  private final Vertx vertx = Vertx.vertx();
  private final LocalPostgres server;
  private final Postgres postgres;
  private final Connection sql;
  private final int accounts;

  Fleet(Path folder, int accounts) throws Exception {
    Files.createDirectories(folder);
    this.accounts = accounts;
    server = LocalPostgres.start(folder.resolve("postgres"));
    String uri = server.createDatabase("fleet_" + Long.toString(System.nanoTime(), 36));
    postgres =
        Stand.within(
            Postgres.open(
                vertx,
                PostgresAddress.parse(Secret.of(uri)),
                DatabaseLimits.of(4),
                new TinkSealer(Keyset.generate()),
                "bench",
                InstantSource.system()));
    sql = Jdbc.connect(uri);
    fill();
  }

  private void fill() throws SQLException {
    run(
        """
        insert into accounts (incarnation, platform, type, name, status, paused, priority, pools,
          expires_at, lifetime_ms, refresh_due_at)
        select gen_random_uuid(), 'acme', 'oauth', 'account ' || n, 'active', false, 50, '{}',
          now() + interval '55 minutes', 3600000, now() + interval '40 minutes' + n %% 3600 * interval '1 second'
        from generate_series(1, %d) n
        """
            .formatted(accounts));
    run("vacuum analyze accounts");
  }

  /** Reserves all that is due, page by page, and asks when the next falls due: milliseconds. */
  double scan() throws Exception {
    run(
        "update accounts set refresh_due_at = now() - interval '1 second', reserved_until = null"
            + " where id %% %d = 0".formatted(accounts / DUE));
    run("vacuum accounts");
    long begun = System.nanoTime();
    int found = 0;
    List<Account> page;
    do {
      page =
          Stand.within(
              postgres.claims().reserveDue(Map.of("acme", PAGE), Duration.ofMinutes(1), List.of()));
      found += page.size();
    } while (page.size() == PAGE);
    Stand.within(postgres.claims().nextDue(List.of("acme"), List.of()));
    double millis = (System.nanoTime() - begun) / 1e6;
    if (found != DUE) {
      throw new IllegalStateException(found + " were due");
    }
    return millis;
  }

  private void run(String statement) throws SQLException {
    try (Statement statements = sql.createStatement()) {
      statements.execute(statement);
    }
  }

  @Override
  public void close() throws SQLException, IOException {
    sql.close();
    postgres.close();
    vertx.close();
    server.close();
  }
}
