package dev.evertoken.adapter.postgres;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The changes that wait to be written into the audit; bounded, the oldest go first. */
final class AuditChanges {

  private static final Logger LOG = LoggerFactory.getLogger(AuditChanges.class);
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
  private final ConcurrentLinkedQueue<Entry> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();

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
    if (size.incrementAndGet() > MOST && waiting.poll() != null) {
      size.decrementAndGet();
      LOG.atError().addKeyValue("cause", "PostgreSQL has been away for long").log("audit_lost");
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Writes the oldest ones; they stay until that has worked. */
  Future<Void> flush() {
    List<Entry> batch = waiting.stream().limit(BATCH).toList();
    return batch.isEmpty()
        ? Future.succeededFuture()
        : database.query(INSERT, arguments(batch)).onSuccess(done -> written(batch)).mapEmpty();
  }

  private void written(List<Entry> batch) {
    batch.stream().filter(waiting::remove).forEach(entry -> size.decrementAndGet());
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
