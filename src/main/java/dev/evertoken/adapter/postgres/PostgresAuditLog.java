package dev.evertoken.adapter.postgres;

import dev.evertoken.port.AuditLog;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the audit: the changes and the counts of token reads, merged by time. Each half gives its
 * newest rows by an index, so a page costs the same however much is there.
 */
final class PostgresAuditLog implements AuditLog {

  private final Database database;

  PostgresAuditLog(Database database) {
    this.database = database;
  }

  @Override
  public Future<List<Entry>> list(Filter filter, int limit, @Nullable Place before) {
    Tuple arguments = Tuple.of(limit);
    return database
        .query(sql(filter, before, arguments), arguments)
        .map(rows -> rows.stream().map(PostgresAuditLog::entry).toList());
  }

  /** The statement; its arguments are put behind the limit. */
  static String sql(Filter filter, @Nullable Place before, Tuple arguments) {
    String changes =
        """
        select at, false as read, id, actor, action, account_id, facts, null::bigint as reads
        from audit where %s order by at desc, id desc limit $1
        """
            .formatted(changes(filter, before, arguments));
    String reads =
        """
        select minute, true, id, actor, 'token.read', account_id, '{}'::jsonb, reads
        from token_reads where %s order by minute desc, id desc limit $1
        """
            .formatted(reads(filter, before, arguments));
    return """
        select e.*, k.name as actor_name from (
          (%s) union all (%s)
          order by at desc, read desc, id desc limit $1
        ) e left join api_keys k on e.actor = 'key:' || k.id
        order by at desc, read desc, id desc
        """
        .formatted(changes, reads);
  }

  private static String changes(Filter filter, @Nullable Place before, Tuple arguments) {
    List<String> wanted = wanted(filter, "at", arguments);
    if (filter.action() != null) {
      wanted.add("action = " + place(arguments.addString(filter.action())));
    }
    if (before != null) {
      wanted.add(
          behind("at", before.at(), before.read() ? Long.MAX_VALUE : before.id(), arguments));
    }
    return all(wanted);
  }

  private static String reads(Filter filter, @Nullable Place before, Tuple arguments) {
    List<String> wanted = wanted(filter, "minute", arguments);
    if (filter.action() != null && !filter.action().equals(TOKEN_READ)) {
      wanted.add("false");
    }
    if (before != null) {
      wanted.add(behind("minute", before.at(), before.read() ? before.id() : 0, arguments));
    }
    return all(wanted);
  }

  private static List<String> wanted(Filter filter, String time, Tuple arguments) {
    List<String> wanted = new ArrayList<>();
    if (filter.account() != null) {
      wanted.add("account_id = " + place(arguments.addLong(filter.account())));
    }
    if (filter.actor() != null) {
      wanted.add("actor = " + place(arguments.addString(filter.actor())));
    }
    if (filter.since() != null) {
      wanted.add(time + " >= " + place(arguments.addOffsetDateTime(utc(filter.since()))));
    }
    if (filter.until() != null) {
      wanted.add(time + " < " + place(arguments.addOffsetDateTime(utc(filter.until()))));
    }
    return wanted;
  }

  private static String behind(String time, Instant at, long id, Tuple arguments) {
    return "(%s, id) < (%s, %s)"
        .formatted(time, place(arguments.addOffsetDateTime(utc(at))), place(arguments.addLong(id)));
  }

  /** The place of the argument that was just added. */
  private static String place(Tuple arguments) {
    return "$" + arguments.size();
  }

  private static String all(List<String> wanted) {
    return wanted.isEmpty() ? "true" : String.join(" and ", wanted);
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  private static Entry entry(Row row) {
    Place place =
        new Place(
            row.getOffsetDateTime("at").toInstant(), row.getBoolean("read"), row.getLong("id"));
    return new Entry(
        place,
        row.getString("actor"),
        row.getString("actor_name"),
        row.getString("action"),
        row.getLong("account_id"),
        facts(row.getJsonObject("facts")),
        row.getLong("reads"));
  }

  private static Map<String, String> facts(JsonObject json) {
    Map<String, String> facts = new TreeMap<>();
    json.forEach(fact -> facts.put(fact.getKey(), String.valueOf(fact.getValue())));
    return facts;
  }
}
