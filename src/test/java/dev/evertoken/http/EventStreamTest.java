package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.adapter.vertx.VertxScheduler;
import dev.evertoken.app.EventTail;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Notice;
import dev.evertoken.port.EventLog;
import dev.evertoken.rig.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one reader of events is given, piece by piece. */
final class EventStreamTest {

  private final Vertx vertx = Vertx.vertx();
  private final LongLog log = new LongLog();
  private final EventTail tail = new EventTail(new VertxScheduler(vertx), log);

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** Ten thousand events that nobody wrote. */
  private static final class LongLog implements EventLog {

    final List<Long> askedAfter = new CopyOnWriteArrayList<>();

    @Override
    public void add(Notice notice, Set<String> pools) {}

    @Override
    public Future<Optional<Long>> newest() {
      return Future.succeededFuture(Optional.of(10_000L));
    }

    @Override
    public Future<Boolean> reaches(long id) {
      return Future.succeededFuture(true);
    }

    @Override
    public Future<List<Event>> after(long id, int limit) {
      if (id < 10_000) {
        askedAfter.add(id);
      }
      return Future.succeededFuture(
          LongStream.rangeClosed(id + 1, Math.min(10_000, id + limit))
              .mapToObj(LongLog::event)
              .toList());
    }

    private static Event event(long id) {
      return new Event(id, id % 2 == 0 ? "even" : "odd", id, Set.of(), "{}");
    }
  }

  private EventStream stream(long after, String type) {
    return EventStream.after(
        after,
        false,
        tail,
        Caller.trusted("key:1"),
        event -> type.isEmpty() || event.type().equals(type));
  }

  private static String text(Future<Optional<Buffer>> piece) {
    Await.until("the piece is there", piece::isComplete);
    return piece.result().map(Buffer::toString).orElse("");
  }

  @Test
  void nothingIsReadAheadOfASlowReader() {
    EventStream stream = stream(0, "");
    assertThat(text(stream.next())).contains("id: 0\n").endsWith("\n\n");
    assertThat(log.askedAfter).isEmpty();
    assertThat(text(stream.next())).contains("id: 100\n").doesNotContain("id: 101\n");
    for (int i = 0; i < 100; i++) {
      stream.ping();
    }
    assertThat(log.askedAfter).containsExactly(0L);
    assertThat(text(stream.next())).startsWith("id: 101\n");
    stream.end();
  }

  @Test
  void aPingSaysHowFarTheReaderHasComeThoughNothingWasForIt() {
    EventStream stream = stream(9_990, "none of them");
    assertThat(text(stream.next())).contains("id: 9990\n");
    Future<Optional<Buffer>> silence = stream.next();
    Await.until("all is passed over", () -> log.askedAfter.contains(9_990L));
    assertThat(silence.isComplete()).isFalse();
    stream.ping();
    assertThat(text(silence)).isEqualTo(":\nid: 10000\n\n");
    Future<Optional<Buffer>> more = stream.next();
    stream.ping();
    assertThat(text(more)).isEqualTo(":\n\n");
    stream.end();
  }

  @Test
  void anEndedStreamEndsItsBody() {
    EventStream stream = stream(10_000, "");
    assertThat(text(stream.next())).isNotEmpty();
    Future<Optional<Buffer>> waiting = stream.next();
    stream.end();
    assertThat(text(waiting)).isEmpty();
    assertThat(text(stream.next())).isEmpty();
    assertThat(stream.whenEnded().isComplete()).isTrue();
  }
}
