package dev.evertoken.adapter.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts of token reads by minute, actor and account that wait to be added to the audit; bounded:
 * beyond it new ones are dropped and said to be.
 */
final class AuditReads {

  private static final Logger LOG = LoggerFactory.getLogger(AuditReads.class);
  private static final int MOST = 100_000;
  private static final int BATCH = 1000;

  /** The count of a key that was taken: so low that what is added to it shows. */
  private static final long TAKEN = Long.MIN_VALUE;

  /** In one order on every node, so that two of them never wait for each other's rows in turn. */
  private static final Comparator<Key> ORDER =
      Comparator.comparingLong(Key::minute)
          .thenComparing(Key::actor)
          .thenComparingLong(Key::account);

  private static final String ADD =
      """
      insert into token_reads as t (minute, actor, account_id, reads)
      select minute, actor, account_id, reads
      from unnest($1::timestamptz[], $2::text[], $3::bigint[], $4::bigint[])
        as r (minute, actor, account_id, reads)
      on conflict (minute, actor, account_id) do update set reads = t.reads + excluded.reads
      """;

  private final Database database;
  private final ConcurrentHashMap<Key, AtomicLong> counts = new ConcurrentHashMap<>();
  private final LongAdder lost = new LongAdder();

  AuditReads(Database database) {
    this.database = database;
  }

  /**
   * What is counted together.
   *
   * @param minute since 1970, by PostgreSQL's clock
   */
  record Key(long minute, String actor, long account) {

    OffsetDateTime begins() {
      return Instant.ofEpochSecond(TimeUnit.MINUTES.toSeconds(minute)).atOffset(ZoneOffset.UTC);
    }
  }

  void count(Key key) {
    add(key, 1);
  }

  /** Takes no lock: every event loop comes by here with each token of a busy account. */
  private void add(Key key, long reads) {
    while (true) {
      AtomicLong count = counts.get(key);
      if (count == null) {
        if (counts.size() >= MOST) {
          lost.add(reads);
          return;
        }
        count = counts.putIfAbsent(key, new AtomicLong(reads));
      }
      if (count == null || count.addAndGet(reads) > 0) {
        return;
      }
      // A flush took it just now.
      counts.remove(key, count);
    }
  }

  boolean fillBatch() {
    return counts.size() >= BATCH;
  }

  boolean isEmpty() {
    return counts.isEmpty();
  }

  /** Adds some of them; those that could not be added wait on. */
  Future<Void> flush() {
    long gone = lost.sumThenReset();
    if (gone > 0) {
      LOG.atError().addKeyValue("reads", gone).log("audit_reads_lost");
    }
    Map<Key, Long> batch = new TreeMap<>(ORDER);
    for (Key key : counts.keySet().stream().limit(BATCH).toList()) {
      AtomicLong count = counts.remove(key);
      if (count != null) {
        batch.put(key, count.getAndSet(TAKEN));
      }
    }
    return batch.isEmpty()
        ? Future.succeededFuture()
        : database
            .query(ADD, arguments(batch))
            .onFailure(failure -> batch.forEach(this::add))
            .mapEmpty();
  }

  private static Tuple arguments(Map<Key, Long> batch) {
    List<Key> keys = List.copyOf(batch.keySet());
    return Tuple.tuple()
        .addArrayOfOffsetDateTime(keys.stream().map(Key::begins).toArray(OffsetDateTime[]::new))
        .addArrayOfString(keys.stream().map(Key::actor).toArray(String[]::new))
        .addArrayOfLong(keys.stream().map(Key::account).toArray(Long[]::new))
        .addArrayOfLong(batch.values().toArray(Long[]::new));
  }
}
