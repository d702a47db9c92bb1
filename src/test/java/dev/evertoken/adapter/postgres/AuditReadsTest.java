package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Secret;
import dev.evertoken.port.AuditLog;
import dev.evertoken.port.AuditLog.Entry;
import dev.evertoken.port.AuditLog.Filter;
import dev.evertoken.rig.Await;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The counts of token reads that every event loop adds to while they are being written. */
final class AuditReadsTest {

  private static final int FLUSHES = 500;

  @Test
  void noReadIsLostOrCountedTwiceBesideAFlush() throws Exception {
    try (StoreRig rig = new StoreRig();
        ExecutorService loops = Executors.newFixedThreadPool(2)) {
      Database database =
          new Database(rig.vertx, PostgresAddress.parse(Secret.of(rig.uri)), DatabaseLimits.of(1));
      AuditReads reads = new AuditReads(database);
      AuditReads.Key key = new AuditReads.Key(29_000_000, "key:7", 12);

      AtomicBoolean enough = new AtomicBoolean();
      List<Future<Long>> counting =
          Stream.generate(() -> loops.submit(() -> count(reads, key, enough))).limit(2).toList();
      for (int i = 0; i < FLUSHES; i++) {
        Await.until("there is something to write", () -> !reads.isEmpty());
        get(reads.flush());
      }
      enough.set(true);
      long counted = counting.get(0).get() + counting.get(1).get();
      get(reads.flush());

      assertThat(reads.isEmpty()).isTrue();
      List<Entry> written =
          get(
              rig.stores
                  .auditLog()
                  .list(new Filter(12L, null, AuditLog.TOKEN_READ, null, null), 10, null));
      assertThat(written)
          .singleElement()
          .satisfies(entry -> assertThat(Objects.requireNonNull(entry.reads())).isEqualTo(counted));
      database.close();
    }
  }

  private static long count(AuditReads reads, AuditReads.Key key, AtomicBoolean enough) {
    long counted = 0;
    while (!enough.get()) {
      reads.count(key);
      counted++;
    }
    return counted;
  }
}
