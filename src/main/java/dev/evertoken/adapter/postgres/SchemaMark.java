package dev.evertoken.adapter.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
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

  /** All of our migrations; to look for them in a jar of some thousand files would take longer. */
  static final List<String> FILES =
      List.of(
          "V1__accounts_and_what_belongs_to_them.sql",
          "V2__pools_and_rules_of_accounts.sql",
          "V3__lists_that_follow_what_they_show.sql",
          "V4__events_and_the_reading_of_the_audit.sql",
          "V5__keys_of_nodes_and_brought_back_backups.sql",
          "V6__due_by_platform_and_whose_turn_it_is_to_tidy.sql",
          "V7__counts_that_follow_what_changes.sql",
          "V8__a_proxy_that_is_imported_once.sql",
          "V9__evidence_against_ways.sql",
          "V10__ends_of_refresh_tokens.sql");

  private static final String HISTORY =
      """
      select obj_description('flyway_schema_history'::regclass, 'pg_class') as mark,
        md5(string_agg(concat_ws('|', version, script, checksum, success), chr(10)
          order by installed_rank)) as history
      from flyway_schema_history
      """;

  private final Database database;
  private final String files;

  /** Reads our migrations; blocking. */
  SchemaMark(Database database) throws IOException {
    this.database = database;
    this.files = digest();
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

  private String of(String history) {
    return "all of " + files + ", as of " + history;
  }

  private static String digest() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String name : FILES) {
      all.writeBytes(name.getBytes(StandardCharsets.UTF_8));
      try (InputStream file = SchemaMark.class.getResourceAsStream("/db/migration/" + name)) {
        Objects.requireNonNull(file).transferTo(all);
      }
    }
    return UUID.nameUUIDFromBytes(all.toByteArray()).toString();
  }
}
