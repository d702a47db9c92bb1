package dev.evertoken.scenario;

import dev.evertoken.rig.Jdbc;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Everything that is kept somewhere, as text. */
final class Dumps {

  private Dumps() {}

  /** Every row of every table; bytes as they are where they can be printed. */
  static String postgres(String uri) {
    StringBuilder dump = new StringBuilder();
    try (Connection connection = Jdbc.connect(uri);
        Statement statement = connection.createStatement()) {
      statement.execute("set bytea_output = 'escape'");
      for (String table : tables(statement)) {
        dump.append("table ").append(table).append('\n');
        try (ResultSet rows = statement.executeQuery("select t::text from " + table + " t")) {
          while (rows.next()) {
            dump.append(rows.getString(1)).append('\n');
          }
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return dump.toString();
  }

  private static List<String> tables(Statement statement) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery("select tablename from pg_tables where schemaname = 'public'")) {
      while (rows.next()) {
        tables.add('"' + rows.getString(1) + '"');
      }
    }
    return tables;
  }

  /** Every key and value of that Redis database. */
  static String redis(Vertx vertx, String uri) {
    RedisOptions options =
        new RedisOptions()
            .setConnectionString(uri)
            .setPreferredProtocolVersion(ProtocolVersion.RESP2);
    Redis client = Redis.createClient(vertx, options);
    try {
      RedisConnection connection = client.connect().await();
      StringBuilder dump = new StringBuilder();
      for (Response key : ask(connection, Request.cmd(Command.KEYS).arg("*"))) {
        String name = text(key);
        dump.append("key ").append(name).append('\n');
        for (Response part : ask(connection, Request.cmd(Command.HGETALL).arg(name))) {
          dump.append(text(part)).append('\n');
        }
      }
      return dump.toString();
    } finally {
      client.close().await();
    }
  }

  private static Response ask(RedisConnection connection, Request request) {
    return connection.send(request).await();
  }

  private static String text(Response part) {
    return part.type() == ResponseType.MULTI
        ? String.join(" ", part.stream().map(Dumps::text).toList())
        : part.toString(StandardCharsets.ISO_8859_1);
  }

  /** Every file below the folder, byte by byte, but for those of these names. */
  static String files(Path folder, String... but) {
    StringBuilder dump = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!List.of(but).contains(file.getFileName().toString())) {
          dump.append("file ").append(file.getFileName()).append('\n');
          dump.append(Files.readString(file, StandardCharsets.ISO_8859_1)).append('\n');
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return dump.toString();
  }
}
