package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.adapter.vertx.VertxScheduler;
import dev.evertoken.app.EventTail;
import dev.evertoken.domain.Notice;
import dev.evertoken.port.EventLog;
import dev.evertoken.port.EventLog.Event;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Jdbc;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The order of the events, and how long they stay. */
final class EventLogTest {

  private StoreRig rig;
  private EventLog log;

  @BeforeEach
  void open() {
    rig = new StoreRig();
    log = rig.stores.events();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static Notice notice(long account, String id) {
    return new Notice(
        id,
        Notice.Type.CHANGED,
        account,
        "p",
        null,
        null,
        null,
        1L,
        1L,
        null,
        null,
        "because",
        "n",
        Instant.now());
  }

  private long newest() {
    return get(log.newest()).orElse(0L);
  }

  /** An event that is stored. */
  private long added(long account) {
    long before = newest();
    log.add(notice(account, "x"), Set.of("p"));
    Await.until("the event is stored", () -> newest() > before);
    return newest();
  }

  @Test
  void whoReadsOnFromTheLastOneMissesNoneWhoeverWrites() {
    List<Postgres> nodes =
        Stream.of("a", "b", "c").map(name -> rig.node(name, DatabaseLimits.of(2))).toList();
    List<CompletableFuture<Void>> writers =
        nodes.stream().map(node -> CompletableFuture.runAsync(() -> write(node))).toList();
    List<Event> read = new ArrayList<>();
    Await.until(
        () -> "all were read: " + read.size(),
        () -> {
          read.addAll(get(log.after(read.isEmpty() ? 0 : read.getLast().id(), 100)));
          return read.size() >= 900;
        },
        Duration.ofSeconds(30));
    writers.forEach(CompletableFuture::join);

    assertThat(read).hasSize(900);
    assertThat(read.stream().map(Event::account).distinct()).hasSize(3);
    for (long account = 0; account < 3; account++) {
      long one = account;
      List<Integer> order =
          read.stream()
              .filter(event -> Long.valueOf(one).equals(event.account()))
              .map(event -> Integer.valueOf(new JsonObject(event.notice()).getString("id")))
              .toList();
      assertThat(order).hasSize(300).isSorted();
    }
    nodes.forEach(node -> get(node.close()));
  }

  /** A writer that is slow to end its transaction has an id, and nobody sees it yet. */
  @Test
  void noEventAppearsBehindOneThatWasReadAlready() throws SQLException {
    rig.sql(
        """
        create function slow() returns trigger language plpgsql as $$
          begin
            if new.notice ->> 'account' = '1' then perform pg_advisory_xact_lock(42); end if;
            return new;
          end $$
        """);
    rig.sql("create trigger slow before insert on changes for each row execute function slow()");
    Postgres other = rig.node("other", DatabaseLimits.of(2));
    try (Connection connection = Jdbc.connect(rig.uri);
        Statement lock = connection.createStatement()) {
      lock.execute("select pg_advisory_lock(42)");
      log.add(notice(1, "slow"), Set.of());
      Await.until("the slow one is under way", () -> waiting() == 1);
      other.events().add(notice(2, "quick"), Set.of());
      Await.until("the other one waits, or is there", () -> waiting() == 2 || newest() > 0);

      assertThat(get(log.after(0, 10))).isEmpty();
    }
    Await.until("both are there", () -> get(log.after(0, 10)).size() == 2);
    assertThat(get(log.after(0, 10))).extracting(Event::account).containsExactly(1L, 2L);
    get(other.close());
  }

  private long waiting() {
    return Long.parseLong(
        rig.value(
                "select count(*) from pg_stat_activity where datname = current_database()"
                    + " and wait_event_type = 'Lock'")
            .orElse("0"));
  }

  private static void write(Postgres node) {
    long account = "abc".indexOf(node.nodes().id());
    for (int i = 0; i < 300; i++) {
      node.events().add(notice(account, Integer.toString(i)), Set.of("p"));
      if (i % 10 == 0) {
        get(node.events().newest());
      }
    }
  }

  /** The log, and after which events it was asked for more. */
  private record Watched(EventLog log, List<Long> asked) implements EventLog {

    @Override
    public void add(Notice notice, Set<String> pools) {
      log.add(notice, pools);
    }

    @Override
    public Future<Optional<Long>> newest() {
      return log.newest();
    }

    @Override
    public Future<Boolean> reaches(long id) {
      return log.reaches(id);
    }

    @Override
    public Future<List<Event>> after(long id, int limit) {
      asked.add(id);
      return log.after(id, limit);
    }
  }

  @Test
  void whoIsBehindWhatTheTailKeepsMissesNone() {
    long begin = added(1);
    Watched watched = new Watched(log, new CopyOnWriteArrayList<>());
    EventTail tail = new EventTail(new VertxScheduler(rig.vertx), watched);
    Runnable reader = () -> {};
    tail.join(reader);
    Await.until("the tail follows", () -> watched.asked().contains(begin));
    for (int i = 0; i < 1500; i++) {
      log.add(notice(7, Integer.toString(i)), Set.of());
    }
    Await.until("all are stored", () -> get(log.after(begin, 2000)).size() == 1500);
    long end = newest();
    Await.until("the tail has come to the end", () -> watched.asked().contains(end));

    assertThat(get(tail.after(begin, 2000))).isEqualTo(get(log.after(begin, 2000)));
    assertThat(get(tail.after(end - 100, 2000))).isEqualTo(get(log.after(end - 100, 2000)));
    assertThat(watched.asked()).as("these were remembered").doesNotContain(end - 100);
    tail.leave(reader);
  }

  @Test
  void whatIsOlderThanAnHourGoesOnceSomethingIsWritten() {
    long old = added(1);
    long older = added(2);
    rig.sql("update changes set at = at - interval '61 minutes'");
    assertThat(get(log.reaches(older))).as("nothing came after it").isTrue();
    assertThat(get(log.reaches(old))).isFalse();

    Postgres fresh = rig.node("fresh", DatabaseLimits.of(2));
    fresh.events().add(notice(3, "y"), Set.of());
    Await.until("only the new one is left", () -> get(log.after(0, 10)).size() == 1);

    assertThat(get(log.after(0, 10)).getFirst().account()).isEqualTo(3);
    assertThat(get(log.reaches(older))).isFalse();
    assertThat(get(log.reaches(newest()))).isTrue();
    assertThat(get(log.reaches(newest() + 1))).isFalse();
    get(fresh.close());
  }

  @Test
  void whatWaitsWhenTheNodeStopsIsWritten() {
    Postgres node = rig.node("stops", DatabaseLimits.of(2));
    for (int i = 0; i < 500; i++) {
      node.events().add(notice(7, Integer.toString(i)), Set.of());
    }
    get(node.close());
    assertThat(get(log.after(0, 1000))).hasSize(500);
  }
}
