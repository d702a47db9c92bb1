package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.LAPSE;
import static dev.evertoken.adapter.postgres.StoreRig.answer;
import static dev.evertoken.adapter.postgres.StoreRig.get;
import static dev.evertoken.adapter.postgres.StoreRig.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.LocalPostgres;
import dev.evertoken.dev.PostgresSettings;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.RefreshClaims.Commit;
import dev.evertoken.port.RefreshClaims.Take;
import dev.evertoken.port.RefreshClaims.Tokens;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Direction;
import dev.evertoken.rig.Frozen;
import dev.evertoken.rig.Jdbc;
import dev.evertoken.rig.Scratch;
import dev.evertoken.rig.TcpFaultProxy;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A PostgreSQL of its own that is frozen, killed and cut off; and everything goes on by itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class OutageTest {

  /** Every call ends by then: the deadline of two statements, and some air for a busy machine. */
  private static final Duration EVERY_CALL = Duration.ofSeconds(6);

  private static final Duration RECOVERY = Duration.ofSeconds(15);

  private final LocalPostgres server;
  private final TcpFaultProxy network;
  private final String direct;
  private final StoreRig rig;

  OutageTest() {
    try {
      server = LocalPostgres.start(Scratch.folder("outage"), PostgresSettings.DURABLE);
      network = TcpFaultProxy.to(server.uri());
      direct = server.createDatabase("outage");
      rig = new StoreRig(network.through(direct), DatabaseLimits.of(8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void heal() {
    network.restore();
    Await.until("PostgreSQL is used again", this::usable, RECOVERY);
  }

  @AfterAll
  void close() throws IOException {
    rig.close();
    network.close();
    server.close();
  }

  @Test
  void everyCallEndsWhileTheServerIsFrozenAndNothingNeedsARestart() throws IOException {
    Account account = rig.create("frozen");
    List<Future<?>> calls = new ArrayList<>();
    try (Frozen _ = Frozen.tree(server.pid())) {
      for (int i = 0; i < 60; i++) {
        calls.add(rig.stores.accounts().find(account.id()));
        calls.add(rig.stores.claims().nextDue(java.util.List.of("any"), java.util.List.of()));
      }
      Await.until(
          "every call has ended", () -> calls.stream().allMatch(Future::isComplete), EVERY_CALL);
      assertThat(calls).allSatisfy(OutageTest::unavailable);
      assertThat(rig.stores.up()).isFalse();

      Future<?> afterwards = rig.stores.accounts().find(account.id());
      Await.until("a later call has ended", afterwards::isComplete, EVERY_CALL);
      unavailable(afterwards);
    }
    Await.until("PostgreSQL is used again", this::usable, RECOVERY);
    Await.until("it is known to be up", rig.stores::up, RECOVERY);
    assertThat(rig.find(account.id())).isEqualTo(account);
  }

  @Test
  void aClaimWhoseTakingWasLostOnTheWayIsGivenBack() throws IOException {
    Account account = rig.create("taken-in-ice");
    Future<Take> take;
    try (Frozen _ = Frozen.tree(server.pid())) {
      take = rig.stores.claims().take(account, UUID.randomUUID(), LAPSE, Trigger.REQUEST, false);
      Await.until("the call has ended", take::isComplete, EVERY_CALL);
      unavailable(take);
    }
    Await.until("PostgreSQL is used again", this::usable, RECOVERY);

    Await.until("the claim is free", () -> taken(account), LAPSE.minusSeconds(2));
  }

  private boolean taken(Account account) {
    UUID attempt = UUID.randomUUID();
    var again =
        rig.stores.claims().take(rig.find(account.id()), attempt, LAPSE, Trigger.REQUEST, false);
    return get(again) instanceof Take.Taken;
  }

  @Test
  void reconnectsAfterTheServerWasKilled() throws IOException {
    Account account = rig.create("killed");
    server.kill();
    List<Future<?>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(rig.stores.accounts().find(account.id()));
    }
    Await.until(
        "every call has ended", () -> calls.stream().allMatch(Future::isComplete), EVERY_CALL);
    assertThat(calls).allSatisfy(OutageTest::unavailable);

    server.startAgain();

    Await.until("PostgreSQL is used again", this::usable, RECOVERY);
    assertThat(rig.find(account.id())).isEqualTo(account);
  }

  @Test
  void endsEveryCallWhenPacketsVanish() {
    Account account = rig.create("vanished");
    network.blackHole();
    List<Future<?>> calls = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      calls.add(rig.stores.accounts().find(account.id()));
    }
    Await.until(
        "every call has ended", () -> calls.stream().allMatch(Future::isComplete), EVERY_CALL);
    assertThat(calls).allSatisfy(OutageTest::unavailable);

    network.restore();

    Await.until("PostgreSQL is used again", this::usable, RECOVERY);
  }

  @Test
  void knowsTheCommitAgainWhoseAnswerWasLost() {
    Account account = rig.create("answer-lost");
    UUID attempt = UUID.randomUUID();
    rig.taken(account, attempt);
    Tokens answer = answer(account, attempt, "rt-answer-lost", "rt-answer-lost-2");
    network.latency(Duration.ofMillis(300));
    Future<Commit> commit = rig.stores.claims().commit(answer);
    Await.until("it is written", () -> committed(account, attempt));
    network.cut();
    network.restore();
    Await.until("the commit has ended", commit::isComplete, EVERY_CALL);
    unavailable(commit);

    assertThat(retried(answer)).isInstanceOf(Commit.Already.class);
    Account after = rig.find(account.id());
    assertThat(after.generation()).isEqualTo(account.generation() + 1);
    assertThat(rig.taken(after, UUID.randomUUID()).refreshToken())
        .isEqualTo(Secret.of("rt-answer-lost-2"));
  }

  private boolean committed(Account account, UUID attempt) {
    try (var connection = Jdbc.connect(direct);
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select committed_attempt from accounts where id = " + account.id())) {
      return rows.next() && attempt.toString().equals(rows.getString(1));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void writesTheCommitWhoseRequestWasLost() {
    Account account = rig.create("request-lost");
    UUID attempt = UUID.randomUUID();
    Tokens answer = answer(account, attempt, "rt-request-lost", "rt-request-lost-2");
    network.stall(Direction.TO_SERVER);
    Future<Commit> commit = rig.stores.claims().commit(answer);
    network.cut();
    network.restore();
    Await.until("the commit has ended", commit::isComplete, EVERY_CALL);

    assertThat(commit.succeeded() ? commit.result() : retried(answer))
        .isInstanceOf(Commit.Written.class);
  }

  private Commit retried(Tokens answer) {
    Commit[] outcome = new Commit[1];
    Await.until(
        "the retry is decided",
        () -> {
          Future<Commit> again = rig.stores.claims().commit(answer);
          Await.until("it ends", again::isComplete, EVERY_CALL);
          if (again.succeeded()) {
            outcome[0] = again.result();
          }
          return again.succeeded();
        },
        RECOVERY);
    return outcome[0];
  }

  @Test
  void refusesToClaimOnAServerThatTakesNoWritesAndComesBackByItself() {
    Account account = rig.create("read-only");
    rig.sql("alter system set default_transaction_read_only = on");
    rig.sql("select pg_reload_conf()");
    try {
      Await.until("no writes are taken", () -> !writable());
      Future<Take> take =
          rig.stores.claims().take(account, UUID.randomUUID(), LAPSE, Trigger.REQUEST, false);
      Await.until("the call has ended", take::isComplete, EVERY_CALL);
      unavailable(take);
      assertThat(rig.find(account.id())).isEqualTo(account);
    } finally {
      rig.sql("alter system reset default_transaction_read_only");
      rig.sql("select pg_reload_conf()");
    }
    Await.until("writes are taken", this::writable, RECOVERY);
    assertThat(rig.take(account, UUID.randomUUID())).isInstanceOf(Take.Taken.class);
  }

  private boolean writable() {
    Future<?> made = rig.stores.accounts().create(sample("probe", null), null);
    Await.until("the probe ends", made::isComplete, EVERY_CALL);
    return made.succeeded();
  }

  @Test
  void endsAStatementThatWaitsForALockAndSparesTheConnections() throws Exception {
    Account account = rig.create("locked");
    try (var other = Jdbc.connect(rig.uri)) {
      other.setAutoCommit(false);
      try (var statement = other.createStatement()) {
        statement.execute("select 1 from accounts where id = " + account.id() + " for update");
      }
      List<Future<?>> stuck = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        stuck.add(
            rig.stores.claims().take(account, UUID.randomUUID(), LAPSE, Trigger.REQUEST, false));
      }
      assertThat(rig.find(account.id())).isEqualTo(account);
      Await.until(
          "the waits have ended", () -> stuck.stream().allMatch(Future::isComplete), EVERY_CALL);
      assertThat(stuck).allSatisfy(OutageTest::unavailable);
    }
  }

  private boolean usable() {
    Future<?> probe = rig.stores.accounts().find(1);
    Await.until("the probe ends", probe::isComplete, EVERY_CALL);
    return probe.succeeded();
  }

  private static void unavailable(Future<?> call) {
    assertThat(call.failed()).isTrue();
    assertThat(call.cause()).isInstanceOf(ProblemException.class);
    assertThat(((ProblemException) call.cause()).problem().code())
        .isEqualTo(ProblemCode.STORAGE_UNAVAILABLE);
  }
}
