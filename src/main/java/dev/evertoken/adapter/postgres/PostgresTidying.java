package dev.evertoken.adapter.postgres;

import dev.evertoken.port.Tidying;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Deletes by index and in bounded portions; what is left over goes in the next turns. */
final class PostgresTidying implements Tidying {

  private static final int PORTION = 5_000;

  private static final String MY_TURN =
      """
      update installation set tidied_at = clock_timestamp()
      where tidied_at <= clock_timestamp() - $1::bigint * interval '1 millisecond'
      returning id
      """;

  /** Kept for as long as a repeated creation is known again. */
  private static final String IDEMPOTENCY_KEYS =
      """
      with old as (
        select actor, key from idempotency_keys
        where created_at <= clock_timestamp() - interval '24 hours' limit $1
      )
      delete from idempotency_keys k using old
      where k.actor = old.actor and k.key = old.key
        and k.created_at <= clock_timestamp() - interval '24 hours'
      """;

  /** Of a platform that may be used again: nobody ends these, they are just over. */
  private static final String THROTTLES =
      """
      with old as (
        select ctid from suspensions
        where kind = 'throttled' and probe_at <= clock_timestamp() - interval '1 hour' limit $1
      )
      delete from suspensions s using old
      where s.ctid = old.ctid and s.kind = 'throttled'
        and s.probe_at <= clock_timestamp() - interval '1 hour'
      """;

  private static final Map<String, String> KINDS =
      Map.of("idempotency_keys", IDEMPOTENCY_KEYS, "throttles", THROTTLES);

  private final Database database;

  PostgresTidying(Database database) {
    this.database = database;
  }

  @Override
  public Future<Optional<Map<String, Integer>>> tidy(Duration period) {
    return database
        .query(MY_TURN, Tuple.of(period.toMillis()))
        .compose(
            turn ->
                turn.size() == 0
                    ? Future.succeededFuture(Optional.empty())
                    : inTurn().map(Optional::of));
  }

  private Future<Map<String, Integer>> inTurn() {
    Map<String, Integer> gone = new LinkedHashMap<>();
    Future<?> before = Future.succeededFuture();
    for (Map.Entry<String, String> kind : KINDS.entrySet()) {
      before =
          before.compose(
              done ->
                  database
                      .query(kind.getValue(), Tuple.of(PORTION))
                      .onSuccess(rows -> count(gone, kind.getKey(), rows.rowCount())));
    }
    return before.map(done -> gone);
  }

  private static void count(Map<String, Integer> gone, String kind, int rows) {
    if (rows > 0) {
      gone.put(kind, rows);
    }
  }
}
