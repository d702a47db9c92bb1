package dev.evertoken.rig;

import dev.evertoken.dev.LocalPostgres;
import dev.evertoken.dev.LocalRedis;
import dev.evertoken.dev.PostgresSettings;
import dev.evertoken.dev.RedisSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Starts the shared servers without what earlier test JVMs left in them. */
final class Leftovers {
  private Leftovers() {}

  static LocalPostgres postgres(Path folder) throws IOException {
    return LocalPostgres.start(folder, PostgresSettings.FAST);
  }

  /** Drops the databases of earlier tests. */
  static LocalPostgres cleared(LocalPostgres server) {
    try (Connection connection = Jdbc.connect(server.uri());
        Statement statement = connection.createStatement()) {
      for (String name : testDatabases(statement)) {
        statement.execute("DROP DATABASE " + name + " WITH (FORCE)");
      }
      return server;
    } catch (SQLException e) {
      throw new IllegalStateException("The shared PostgreSQL could not be cleared", e);
    }
  }

  private static List<String> testDatabases(Statement statement) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery("SELECT datname FROM pg_database WHERE datname ~ '^t[0-9]+_'")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  static LocalRedis redis(Path folder) throws IOException {
    // Once for the orphan that may still write there, and once for the empty folder.
    LocalRedis.start(folder, RedisSettings.FAST).close();
    try (Stream<Path> files = Files.list(folder.resolve("data"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    return LocalRedis.start(folder, RedisSettings.FAST);
  }
}
