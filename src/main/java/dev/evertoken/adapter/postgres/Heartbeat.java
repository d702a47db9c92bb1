package dev.evertoken.adapter.postgres;

import dev.evertoken.port.Nodes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Says every two seconds that this node lives, and reads who else said so lately. */
final class Heartbeat implements Nodes {

  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final Duration BEAT_TAKES = Duration.ofMillis(500);

  /** A node that missed three beats is gone; its row goes after an hour. */
  private static final String BEAT =
      """
      with beat as (
        insert into nodes (id, heartbeat_at, primary_key, known_keys, escrow_left)
        values ($1, clock_timestamp(), $2, $3, $4)
        on conflict (id) do update set heartbeat_at = excluded.heartbeat_at,
          primary_key = excluded.primary_key, known_keys = excluded.known_keys,
          escrow_left = excluded.escrow_left
      ), gone as (
        delete from nodes
        where id <> $1 and heartbeat_at < clock_timestamp() - interval '1 hour'
      )
      select id from nodes
      where id <> $1 and heartbeat_at > clock_timestamp() - interval '7 seconds'
      """;

  /** By a statement of its own, so that of two nodes that join at once one sees the other. */
  private static final String OTHERS =
      """
      select id from nodes
      where id <> $1 and heartbeat_at > clock_timestamp() - interval '7 seconds'
      """;

  private static final String KEYS =
      """
      select id, primary_key, coalesce(known_keys, '{}') as known_keys, escrow_left from nodes
      where heartbeat_at > clock_timestamp() - interval '7 seconds' order by id
      """;

  private static final String LEAVE = "delete from nodes where id = $1";

  private final Vertx vertx;
  private final Database database;
  private final String node;
  private volatile Set<String> others = Set.of();
  private final AtomicInteger missed = new AtomicInteger();
  private final Promise<Void> known = Promise.promise();
  private volatile @Nullable Keys keys;
  private volatile boolean stopped;

  Heartbeat(Vertx vertx, Database database, String node) {
    this.vertx = vertx;
    this.database = database;
    this.node = node;
  }

  @Override
  public String id() {
    return node;
  }

  @Override
  public Set<String> others() {
    return others;
  }

  /** Whether one of the latest two beats was written: PostgreSQL takes writes. */
  boolean beats() {
    return missed.get() < 2;
  }

  @Override
  public Future<Void> known() {
    return known.future();
  }

  @Override
  public Future<Void> sealsWith(String primaryKey, List<String> knownKeys, int escrowLeft) {
    keys = new Keys(node, primaryKey, knownKeys, escrowLeft);
    return beat();
  }

  @Override
  public Future<List<Keys>> keys() {
    return database
        .query(KEYS, Tuple.tuple())
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Keys(
                                row.getString("id"),
                                row.getString("primary_key"),
                                List.of(row.getArrayOfStrings("known_keys")),
                                row.getInteger("escrow_left")))
                    .toList());
  }

  Future<Void> start() {
    return FirstCalls.patiently(vertx, this::beat)
        .compose(beaten -> database.urgent(OTHERS, Tuple.of(node)).onSuccess(this::count))
        .onSuccess(counted -> awaitOthers())
        .onFailure(known::tryFail)
        .onComplete(first -> schedule())
        .mapEmpty();
  }

  /** The others learn of this node with their next beat. */
  private void awaitOthers() {
    if (others.isEmpty()) {
      known.tryComplete();
    } else {
      vertx.setTimer(PERIOD.plus(BEAT_TAKES).toMillis(), beaten -> known.tryComplete());
    }
  }

  /** Takes this node out, so that the others need not wait for its silence. */
  Future<Void> stop() {
    stopped = true;
    return database.urgent(LEAVE, Tuple.of(node)).mapEmpty();
  }

  private void schedule() {
    if (!stopped) {
      vertx.setTimer(PERIOD.toMillis(), due -> next());
    }
  }

  private void next() {
    if (!stopped) {
      beat().onComplete(done -> schedule());
    }
  }

  private Future<Void> beat() {
    Keys said = keys;
    Tuple arguments =
        Tuple.tuple()
            .addString(node)
            .addString(said == null ? null : said.primaryKey())
            .addArrayOfString(said == null ? null : said.knownKeys().toArray(String[]::new))
            .addInteger(said == null ? null : said.escrowLeft());
    return database
        .urgent(BEAT, arguments)
        .onSuccess(this::count)
        .onFailure(late -> missed.incrementAndGet())
        .mapEmpty();
  }

  private void count(RowSet<Row> rows) {
    missed.set(0);
    others =
        StreamSupport.stream(rows.spliterator(), false)
            .map(row -> row.getString("id"))
            .collect(Collectors.toUnmodifiableSet());
  }
}
