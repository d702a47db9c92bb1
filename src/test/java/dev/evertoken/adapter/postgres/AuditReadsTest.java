package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Secret;
import dev.evertoken.port.AuditLog;
import dev.evertoken.port.AuditLog.Entry;
import dev.evertoken.port.AuditLog.Filter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The counts of token reads that every event loop adds to while they are being written. */
final class AuditReadsTest {

  private static final int EACH = 300_000;

  @Test
  void noReadIsLostOrCountedTwiceBesideAFlush() throws Exception {
    try (StoreRig rig = new StoreRig();
        ExecutorService loops = Executors.newFixedThreadPool(2)) {
      Database database =
          new Database(rig.vertx, PostgresAddress.parse(Secret.of(rig.uri)), DatabaseLimits.of(1));
      AuditReads reads = new AuditReads(database);
      AuditReads.Key key = new AuditReads.Key(29_000_000, "key:7", 12);

      List<Future<?>> counting =
          Stream.generate(() -> loops.submit(() -> count(reads, key)))
              .limit(2)
              .<Future<?>>map(future -> future)
              .toList();
      while (counting.stream().anyMatch(loop -> !loop.isDone())) {
        get(reads.flush());
      }
      get(reads.flush());

      assertThat(reads.isEmpty()).isTrue();
      List<Entry> written =
          get(
              rig.stores
                  .auditLog()
                  .list(new Filter(12L, null, AuditLog.TOKEN_READ, null, null), 10, null));
      assertThat(written)
          .singleElement()
          .satisfies(
              entry -> assertThat(Objects.requireNonNull(entry.reads())).isEqualTo(2 * EACH));
      database.close();
    }
  }

  private static void count(AuditReads reads, AuditReads.Key key) {
    for (int i = 0; i < EACH; i++) {
      reads.count(key);
    }
  }
}
