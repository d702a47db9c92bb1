package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.Notice;
import dev.evertoken.port.EventLog;
import dev.evertoken.port.Time;
import dev.evertoken.wire.NoticeJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The notices of the last hour in PostgreSQL, written a moment behind the changes, in batches.
 *
 * <p>Writers take turns by a lock that ends with their transaction, after it became visible: so the
 * ids appear in their order, and who has read one has read all before it. What a crash finds
 * unwritten is lost, as the notices themselves are.
 */
final class PostgresEvents implements EventLog {

  private static final Duration GATHERING = Duration.ofMillis(20);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration BETWEEN_TIDYINGS = Duration.ofMinutes(1);
  private static final int MOST = 20_000;
  private static final int BATCH = 200;
  private static final int STOP_ROUNDS = 10;

  /** Any number that no other lock of this database has. */
  private static final long TURN = 0x65766e74L;

  private static final String ADD =
      """
      with turn as materialized (select pg_advisory_xact_lock($2::bigint))
      insert into changes (event, notice, pools)
      select (e.entry ->> 'event')::uuid, e.entry -> 'notice',
        array(select jsonb_array_elements_text(e.entry -> 'pools'))
      from turn, unnest($1::jsonb[]) with ordinality as e (entry, place)
      order by e.place
      on conflict (event) do nothing
      """;

  /** The newest stays, so that a reader of a quiet cluster can resume. */
  private static final String TIDY =
      """
      delete from changes where id in (
        select id from changes where at < clock_timestamp() - interval '1 hour'
          and id < (select max(id) from changes)
        order by at limit 50000)
      """;

  private static final String NEWEST = "select max(id) as id from changes";

  private static final String REACHES =
      """
      select exists (
        select 1 from changes seen where seen.id = $1
          and (seen.at > clock_timestamp() - interval '1 hour'
            or not exists (select 1 from changes later where later.id > $1))) as reached
      """;

  private static final String AFTER =
      "select id, notice, pools from changes where id > $1 order by id limit $2";

  private final Vertx vertx;
  private final Database database;
  private final Time time;
  private final Backlog<JsonObject> waiting = new Backlog<>("events_lost", MOST);
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private volatile long tidiedAt;
  private volatile boolean stopped;

  PostgresEvents(Vertx vertx, Database database, Time time) {
    this.vertx = vertx;
    this.database = database;
    this.time = time;
    this.tidiedAt = time.nanos() - BETWEEN_TIDYINGS.toNanos();
  }

  @Override
  public void add(Notice notice, Set<String> pools) {
    waiting.add(
        new JsonObject()
            .put("event", UUID.randomUUID().toString())
            .put("notice", NoticeJson.of(notice))
            .put("pools", new JsonArray(List.copyOf(pools))));
    schedule(GATHERING);
  }

  private void schedule(Duration wait) {
    if (!stopped && scheduled.compareAndSet(false, true)) {
      vertx.setTimer(wait.toMillis(), due -> flushAll());
    }
  }

  private void flushAll() {
    flush()
        .compose(written -> tidy())
        .onComplete(
            done -> {
              scheduled.set(false);
              if (!waiting.isEmpty()) {
                schedule(done.succeeded() ? GATHERING : AFTER_FAILURE);
              }
            });
  }

  private Future<Void> flush() {
    List<JsonObject> batch = waiting.oldest(BATCH);
    return batch.isEmpty()
        ? Future.succeededFuture()
        : database
            .query(
                ADD,
                Tuple.tuple().addArrayOfJsonObject(batch.toArray(JsonObject[]::new)).addLong(TURN))
            .onSuccess(done -> waiting.written(batch))
            .mapEmpty();
  }

  /** Only who writes tidies: a quiet cluster writes nothing. */
  private Future<Void> tidy() {
    long now = time.nanos();
    if (now - tidiedAt < BETWEEN_TIDYINGS.toNanos()) {
      return Future.succeededFuture();
    }
    tidiedAt = now;
    return database.query(TIDY, Tuple.tuple()).mapEmpty();
  }

  /** Writes what there is, as long as that works. */
  Future<Void> stop() {
    stopped = true;
    return drain(STOP_ROUNDS);
  }

  private Future<Void> drain(int rounds) {
    return rounds == 0 || waiting.isEmpty()
        ? Future.succeededFuture()
        : flush().compose(next -> drain(rounds - 1)).otherwiseEmpty();
  }

  @Override
  public Future<Optional<Long>> newest() {
    return database
        .query(NEWEST, Tuple.tuple())
        .map(rows -> Optional.ofNullable(rows.iterator().next().getLong("id")));
  }

  @Override
  public Future<Boolean> reaches(long id) {
    return database
        .query(REACHES, Tuple.of(id))
        .map(rows -> rows.iterator().next().getBoolean("reached"));
  }

  @Override
  public Future<List<Event>> after(long id, int limit) {
    return database
        .query(AFTER, Tuple.of(id, limit))
        .map(rows -> rows.stream().map(PostgresEvents::event).toList());
  }

  private static Event event(Row row) {
    JsonObject notice = row.getJsonObject("notice");
    return new Event(
        row.getLong("id"),
        notice.getString("type"),
        notice.getLong("account"),
        Set.of(row.getArrayOfStrings("pools")),
        notice.encode());
  }
}
