package dev.evertoken.adapter.postgres;

import static java.util.Objects.requireNonNull;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * The schema, brought up to date at start and never later.
 *
 * <p>Several nodes may start at once: Flyway's lock lets one migrate, and the others find it done.
 */
public final class Migrations {

  /** How often, a second apart, a server is asked that may be starting at the same time. */
  private static final int TRIES = 20;

  private final PostgresAddress address;
  private final Database database;

  /**
   * @param database of that address
   */
  public Migrations(PostgresAddress address, Database database) {
    this.address = address;
    this.database = database;
  }

  /** Applies what is missing, on a worker thread; nothing where the mark says that nothing is. */
  public Future<Void> run(Vertx vertx) {
    return vertx
        .executeBlocking(() -> new SchemaMark(database), false)
        .compose(mark -> unlessMarked(requireNonNull(mark), vertx));
  }

  private Future<Void> unlessMarked(SchemaMark mark, Vertx vertx) {
    return mark.stands()
        .compose(
            current ->
                current
                    ? Future.succeededFuture()
                    : vertx.executeBlocking(this::migrate, false).compose(done -> mark.set()));
  }

  private MigrateResult migrate() {
    try {
      return inOrder();
    } catch (FlywayException e) {
      throw told(e).exception();
    }
  }

  /**
   * Versions came to main after later ones: what such a database lacks is made up for. Only where
   * that is so, since Flyway warns at each start that it would.
   */
  private MigrateResult inOrder() {
    try {
      return flyway(false).migrate();
    } catch (FlywayValidateException gap) {
      return flyway(true).migrate();
    }
  }

  private Flyway flyway(boolean outOfOrder) {
    return Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(address.jdbcUrl(), address.user(), address.password().reveal())
        .locations("classpath:db/migration")
        .outOfOrder(outOfOrder)
        .connectRetries(TRIES)
        .connectRetriesInterval(1)
        .load();
  }

  /** Flyway's own texts name addresses and users. */
  private static Problem told(FlywayException failure) {
    String state = sqlState(failure);
    String what =
        switch (state.substring(0, Math.min(2, state.length()))) {
          case "08" -> "does not answer";
          case "28" -> "refuses the user or the password";
          case "3D" -> "has no such database";
          default -> "cannot be brought to our schema (" + failure.getErrorCode() + ")";
        };
    return Problem.of(ProblemCode.STORAGE_UNAVAILABLE, "postgres.uri: PostgreSQL " + what + ".");
  }

  private static String sqlState(FlywayException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return "";
  }
}
