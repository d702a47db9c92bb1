package dev.evertoken.adapter.postgres;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The changes that wait to be written into the audit; bounded, the oldest go first. */
final class AuditChanges {

  private static final int MOST = 20_000;
  private static final int BATCH = 500;

  private static final String INSERT =
      """
      insert into audit (event, at, actor, action, account_id, facts)
      select event, at, actor, action, account_id, facts
      from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::bigint[], $6::jsonb[])
        as e (event, at, actor, action, account_id, facts)
      on conflict (event) do nothing
      """;

  private final Database database;
  private final Backlog<Entry> waiting = new Backlog<>("audit_lost", MOST);

  AuditChanges(Database database) {
    this.database = database;
  }

  /** One change; the event id lets it be written again without a second row. */
  record Entry(
      UUID event,
      Instant at,
      String actor,
      String action,
      @Nullable Long account,
      JsonObject facts) {}

  void add(Entry entry) {
    waiting.add(entry);
  }

  boolean fillBatch() {
    return waiting.size() >= BATCH;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Writes the oldest ones; they stay until that has worked. */
  Future<Void> flush() {
    List<Entry> batch = waiting.oldest(BATCH);
    return batch.isEmpty()
        ? Future.succeededFuture()
        : database
            .query(INSERT, arguments(batch))
            .onSuccess(done -> waiting.written(batch))
            .mapEmpty();
  }

  private static Tuple arguments(List<Entry> batch) {
    return Tuple.tuple()
        .addArrayOfUUID(batch.stream().map(Entry::event).toArray(UUID[]::new))
        .addArrayOfOffsetDateTime(
            batch.stream()
                .map(entry -> entry.at().atOffset(ZoneOffset.UTC))
                .toArray(OffsetDateTime[]::new))
        .addArrayOfString(batch.stream().map(Entry::actor).toArray(String[]::new))
        .addArrayOfString(batch.stream().map(Entry::action).toArray(String[]::new))
        .addArrayOfLong(batch.stream().map(Entry::account).toArray(Long[]::new))
        .addArrayOfJsonObject(batch.stream().map(Entry::facts).toArray(JsonObject[]::new));
  }
}
