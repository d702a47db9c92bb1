package dev.evertoken.adapter.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says on a database that it has all of our migrations, so that a start which finds it so need not
 * load Flyway, connect once more and stand in line for its lock.
 *
 * <p>It is a comment on Flyway's history, of our files and of that history: whatever changes either
 * of them takes the mark's meaning away, and then Flyway looks again.
 */
final class SchemaMark {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaMark.class);
  private static final String FOLDER = "/db/migration/";
  private static final String FILES = digest();

  private static final String HISTORY =
      """
      select obj_description('flyway_schema_history'::regclass, 'pg_class') as mark,
        md5(string_agg(concat_ws('|', version, script, checksum, success), chr(10)
          order by installed_rank)) as history
      from flyway_schema_history
      """;

  private final Database database;

  SchemaMark(Database database) {
    this.database = database;
  }

  /** Whether the mark is there and true; false too where nobody knows. */
  Future<Boolean> stands() {
    return database
        .query(HISTORY, Tuple.tuple())
        .map(
            rows -> {
              var row = rows.iterator().next();
              return of(row.getString("history")).equals(row.getString("mark"));
            })
        .otherwise(false);
  }

  /** Sets it, after Flyway has brought the schema up to date; without it a start is only slower. */
  Future<Void> set() {
    return database
        .query(HISTORY, Tuple.tuple())
        .map(rows -> of(rows.iterator().next().getString("history")))
        .compose(
            mark ->
                database.query(
                    "comment on table flyway_schema_history is '" + mark + "'", Tuple.tuple()))
        .<Void>mapEmpty()
        .onFailure(cause -> LOG.atDebug().addKeyValue("cause", cause).log("schema_not_marked"))
        .otherwiseEmpty();
  }

  private static String of(String history) {
    return "all of " + FILES + ", as of " + history;
  }

  /** The digest of the migrations that this version has. */
  private static String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String name : names()) {
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        try (InputStream file = SchemaMark.class.getResourceAsStream(FOLDER + name)) {
          digest.update(Objects.requireNonNull(file).readAllBytes());
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException | NoSuchAlgorithmException broken) {
      throw new IllegalStateException("The migrations cannot be read", broken);
    }
  }

  /** Where classes are in a jar, and where they are in a folder. */
  private static List<String> names() throws IOException {
    URL folder = Objects.requireNonNull(SchemaMark.class.getResource(FOLDER));
    if (folder.openConnection() instanceof JarURLConnection jar) {
      return jar.getJarFile().stream()
          .map(entry -> "/" + entry.getName())
          .filter(name -> name.startsWith(FOLDER) && name.endsWith(".sql"))
          .map(name -> name.substring(FOLDER.length()))
          .sorted()
          .toList();
    }
    try (Stream<Path> files = Files.list(Path.of(URI.create(folder.toString())))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
