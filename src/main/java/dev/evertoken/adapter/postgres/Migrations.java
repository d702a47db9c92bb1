package dev.evertoken.adapter.postgres;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * The schema, brought up to date at start and never later.
 *
 * <p>Several nodes may start at once: Flyway's lock lets one migrate, and the others find it done.
 */
public final class Migrations {

  private final PostgresAddress address;

  public Migrations(PostgresAddress address) {
    this.address = address;
  }

  /** Applies what is missing, on a worker thread. */
  public Future<Void> run(Vertx vertx) {
    return vertx.executeBlocking(this::migrate, false).mapEmpty();
  }

  private MigrateResult migrate() {
    return Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(address.jdbcUrl(), address.user(), address.password().reveal())
        .locations("classpath:db/migration")
        .connectRetries(10)
        .load()
        .migrate();
  }
}
