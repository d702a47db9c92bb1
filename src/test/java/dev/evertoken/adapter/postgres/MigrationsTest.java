package dev.evertoken.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.evertoken.domain.Secret;
import dev.evertoken.rig.Jdbc;
import dev.evertoken.rig.Scratch;
import dev.evertoken.rig.SharedServers;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MigrationsTest {

  private static final Path SHIPPED = Path.of("src/main/resources/db/migration");

  /** Everything of the schema but the order of columns, which nothing depends on. */
  private static final String SCHEMA =
      """
      select string_agg(line, chr(10) order by line) from (
        select concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default,
            is_identity) as line
          from information_schema.columns
          where table_schema = 'public' and table_name <> 'flyway_schema_history'
        union all select indexdef from pg_indexes
          where schemaname = 'public' and tablename <> 'flyway_schema_history'
        union all select conrelid::regclass || ' ' || pg_get_constraintdef(oid)
          from pg_constraint
          where connamespace = 'public'::regnamespace
            and conrelid <> 'flyway_schema_history'::regclass
        union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
        union all select pg_get_functiondef(oid) from pg_proc
          where pronamespace = 'public'::regnamespace
        union all select viewname || ' ' || definition from pg_views where schemaname = 'public')
      as schema(line)
      """;

  private static Vertx vertx;

  @BeforeAll
  static void begin() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void end() {
    vertx.close().await();
  }

  /** The database of a version that had these files of ours and no others. */
  private static String databaseOf(List<String> versions) throws IOException {
    Path folder = Scratch.folder("migrations-" + String.join("-", versions));
    for (String version : versions) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(SHIPPED, "V" + version + "__*.sql")) {
        for (Path file : files) {
          Files.copy(file, folder.resolve(file.getFileName()));
        }
      }
    }
    String uri = SharedServers.freshDatabase();
    PostgresAddress address = PostgresAddress.parse(Secret.of(uri));
    Flyway.configure()
        .dataSource(address.jdbcUrl(), address.user(), address.password().reveal())
        .locations("filesystem:" + folder)
        .load()
        .migrate();
    return uri;
  }

  private static void migrate(String uri) {
    PostgresAddress address = PostgresAddress.parse(Secret.of(uri));
    migrate(address, address);
  }

  /** With another address for Flyway than for the stores. */
  private static void migrate(PostgresAddress flyways, PostgresAddress stores) {
    Database database = new Database(vertx, stores, DatabaseLimits.of(1));
    try {
      new Migrations(flyways, database).run(vertx).await();
    } finally {
      database.close().await();
    }
  }

  private static void run(String uri, String sql) throws SQLException {
    try (Connection connection = Jdbc.connect(uri);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String migrated(String uri) throws SQLException {
    migrate(uri);
    try (Connection connection = Jdbc.connect(uri);
        Statement statement = connection.createStatement();
        ResultSet schema = statement.executeQuery(SCHEMA)) {
      assertThat(schema.next()).isTrue();
      return schema.getString(1);
    }
  }

  /** What main had, one after another: 2 to 5 came to it after 6. */
  @ParameterizedTest
  @ValueSource(
      strings = {"1", "1 6", "1 4 6", "1 2 4 6", "1 2 4 5 6", "1 2 3 4 5 6", "1 2 3 4 5 6 7 8"})
  void theDatabaseOfEachOlderVersionBecomesTheSame(String versions) throws Exception {
    String fresh = migrated(SharedServers.freshDatabase());

    assertThat(migrated(databaseOf(List.of(versions.split(" "))))).isEqualTo(fresh);
  }

  @Test
  void theMarkKnowsEveryMigration() throws IOException {
    try (Stream<Path> files = Files.list(SHIPPED)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(SchemaMark.FILES);
    }
  }

  @Test
  void aDatabaseThatHasAllOfThemIsLeftAlone() throws Exception {
    String uri = SharedServers.freshDatabase();
    migrate(uri);
    PostgresAddress noServer =
        PostgresAddress.parse(Secret.of("postgresql://nobody@127.0.0.1:1/nothing"));

    assertThatCode(() -> migrate(noServer, PostgresAddress.parse(Secret.of(uri))))
        .doesNotThrowAnyException();
  }

  @Test
  void anotherVersionsMarkIsNotTakenForOurs() throws Exception {
    String fresh = migrated(SharedServers.freshDatabase());
    String older = databaseOf(List.of("1", "6"));
    run(older, "comment on table flyway_schema_history is 'all of 0a1b, as of 2c3d'");

    assertThat(migrated(older)).isEqualTo(fresh);
  }

  /** Somebody was at the history: what was marked before says nothing any more. */
  @Test
  void aHistoryThatWasChangedIsLookedAtAgain() throws Exception {
    String uri = SharedServers.freshDatabase();
    migrate(uri);
    run(uri, "update flyway_schema_history set checksum = checksum + 1 where version = '3'");

    assertThatThrownBy(() -> migrate(uri)).hasMessageContaining("cannot be brought to our schema");
  }
}
