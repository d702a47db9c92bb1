package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.LAPSE;
import static dev.evertoken.adapter.postgres.StoreRig.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.RefreshClaims.Commit;
import dev.evertoken.port.RefreshClaims.Take;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Jdbc;
import dev.evertoken.rig.SharedServers;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many callers at once, and many accounts that nothing can be done for. */
final class CrowdTest {

  private static final String DUE =
      "select count(*) from accounts where platform = '%s' and refresh_due_at < now()"
          .formatted(StoreRig.PLATFORM);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void aCrowdOfReadsIsServed(int connections) {
    try (StoreRig rig = rig(connections)) {
      long id = rig.create("read").id();

      List<Future<?>> reads =
          Stream.generate(() -> rig.stores.accounts().find(id)).limit(1500).toList().stream()
              .<Future<?>>map(read -> read)
              .toList();
      Await.until("all have ended", () -> reads.stream().allMatch(Future::isComplete), PATIENCE);

      assertThat(reads).allSatisfy(read -> assertThat(read.succeeded()).isTrue());
      assertThat(rig.stores.up()).isTrue();
    }
  }

  @Test
  void aRefreshIsClaimedAndCommittedWhileReadsHoldAllTheyMay() throws SQLException {
    Duration minute = Duration.ofMinutes(1);
    DatabaseLimits patient = new DatabaseLimits(minute, minute, 3, 1000, minute, 3, minute);
    try (StoreRig rig = new StoreRig(SharedServers.freshDatabase(), patient);
        Connection other = Jdbc.connect(rig.uri);
        Statement lock = other.createStatement()) {
      Account account = rig.create("refreshed");
      other.setAutoCommit(false);
      // Reads wait for the table of keys; nothing else does.
      lock.execute("lock table api_keys in access exclusive mode");
      List<Future<?>> reads = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        reads.add(rig.stores.keys().list(10, 0));
      }

      UUID attempt = UUID.randomUUID();
      Future<Take> take = rig.stores.claims().take(account, attempt, LAPSE, Trigger.REQUEST, false);
      assertThat(StoreRig.get(take)).isInstanceOf(Take.Taken.class);
      assertThat(
              StoreRig.get(
                  rig.stores
                      .claims()
                      .commit(answer(account, attempt, "rt-refreshed", "rt-refreshed-2"))))
          .isInstanceOf(Commit.Written.class);
      assertThat(reads).as("before any read ended").noneMatch(Future::isComplete);
      other.rollback();
      Await.until("the reads end", () -> reads.stream().allMatch(Future::isComplete), PATIENCE);
    }
  }

  @Test
  void aLineThatIsTooLongIsNotPostgresqlsFault() throws SQLException {
    Duration second = Duration.ofSeconds(1);
    DatabaseLimits narrow =
        new DatabaseLimits(
            Duration.ofSeconds(10), Duration.ofSeconds(9), 3, 5, second.dividedBy(4), 3, second);
    try (StoreRig rig = new StoreRig(SharedServers.freshDatabase(), narrow);
        Connection other = Jdbc.connect(rig.uri);
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      lock.execute("lock table api_keys in access exclusive mode");
      List<Future<?>> reads = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        reads.add(rig.stores.keys().list(10, 0));
      }
      List<Future<?>> late = reads.subList(1, reads.size());

      Await.until("they are told", () -> late.stream().allMatch(Future::isComplete), PATIENCE);

      assertThat(late).allSatisfy(CrowdTest::overloaded);
      assertThat(rig.stores.up()).isTrue();
      other.rollback();
      Await.until("the first one is answered", reads.getFirst()::succeeded, PATIENCE);
    }
  }

  private static void overloaded(Future<?> call) {
    assertThat(call.cause()).isInstanceOf(ProblemException.class);
    assertThat(((ProblemException) call.cause()).problem().code())
        .isEqualTo(ProblemCode.OVERLOADED);
  }

  /** Why nothing can be done for thousands of accounts. */
  @ParameterizedTest
  @ValueSource(strings = {"ROUTE", "PLATFORM", "UNREADABLE", "PROVIDER_CONFIG"})
  void nothingIsWrittenForAccountsWhoseWayIsClosed(String kind) {
    try (StoreRig rig = rig(4)) {
      ManyAccounts.fill(rig, 8000);
      rig.sql(
          "update accounts set proxy_id = null, refresh_due_at = now() - interval '1 hour',"
              + " status = 'active', benches = '{}'");
      assertThat(rig.value(DUE)).contains("2000");
      String before = rows(rig);
      Instant now = Instant.now();
      Suspension closed =
          new Suspension(
              Suspension.Kind.valueOf(kind),
              StoreRig.PLATFORM,
              null,
              "down",
              now,
              now.plusSeconds(60));

      for (int i = 0; i < 20; i++) {
        assertThat(
                StoreRig.get(
                    rig.stores
                        .claims()
                        .reserveDue(
                            Map.of(StoreRig.PLATFORM, 100),
                            Duration.ofSeconds(30),
                            List.of(closed))))
            .isEmpty();
        assertThat(
                StoreRig.get(
                    rig.stores.claims().nextDue(List.of(StoreRig.PLATFORM), List.of(closed))))
            .isEmpty();
      }

      assertThat(rows(rig)).isEqualTo(before);
    }
  }

  /** Every version of every row: a write of any of them changes it. */
  private static String rows(StoreRig rig) {
    return rig.value(
            "select md5(string_agg(id || ':' || xmin::text, ',' order by id)) from accounts")
        .orElseThrow();
  }

  private static StoreRig rig(int connections) {
    return new StoreRig(SharedServers.freshDatabase(), DatabaseLimits.of(connections));
  }
}
