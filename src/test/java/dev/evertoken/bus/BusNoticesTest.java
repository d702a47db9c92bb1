package dev.evertoken.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Notice;
import dev.evertoken.rig.Await;
import dev.evertoken.wire.NoticeJson;
import dev.evertoken.wire.Samples;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusNoticesTest {

  private final Vertx vertx = Vertx.vertx();
  private final BusNotices notices = new BusNotices(vertx, InstantSource.fixed(Samples.NOW));
  private final List<String> read = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void aNoticeReachesEveryReaderOnce() {
    notices.start().await();
    notices.subscribe(notice -> read.add("a" + notice.id()));
    notices.subscribe(notice -> read.add("b" + notice.id()));

    notices.publish(notice("1", Samples.NOW));
    notices.publish(notice("2", Samples.NOW));

    Await.until("the last came", () -> read.contains("b2"));
    barrier();
    assertThat(read).containsExactlyInAnyOrder("a1", "b1", "a2", "b2");
  }

  @Test
  void theOwnNodesNoticesArriveAlsoWithoutTheBus() {
    notices.subscribe(notice -> read.add(notice.id()));

    notices.publish(notice("1", Samples.NOW));

    Await.until("it came", () -> read.contains("1"));
  }

  @Test
  void aReaderThatFailsBreaksNoOther() {
    notices.start().await();
    notices.subscribe(
        notice -> {
          throw new IllegalStateException("a reader's bug");
        });
    notices.subscribe(notice -> read.add(notice.id()));

    notices.publish(notice("1", Samples.NOW));
    tell(NoticeJson.of(notice("2", Samples.NOW)));

    Await.until("both came", () -> read.containsAll(List.of("1", "2")));
  }

  @Test
  void repeatedOldAndUnreadableMessagesArePassedOver() {
    notices.start().await();
    notices.subscribe(notice -> read.add(notice.id()));
    JsonObject known = NoticeJson.of(notice("1", Samples.NOW));

    tell("text");
    tell(new JsonObject());
    tell(NoticeJson.of(notice("old", Samples.NOW.minusSeconds(61))));
    tell(known.copy().put("id", "later").put("schema", 2));
    tell(known);
    tell(known);
    tell(NoticeJson.of(notice("last", Samples.NOW)).put("surplus", true));

    Await.until("the last came", () -> read.contains("last"));
    assertThat(read).containsExactly("1", "last");
  }

  @Test
  void aForeignVerticleReadsThemThroughTheTypedClient() {
    EvertokenClient.create(vertx).onNotice(notice -> read.add(notice.id())).completion().await();

    notices.publish(notice("1", Samples.NOW));

    Await.until("it came", () -> read.contains("1"));
  }

  private void tell(Object message) {
    vertx.eventBus().publish(Addresses.NOTICES, message);
  }

  /** What was published before this has been delivered when it returns. */
  private void barrier() {
    notices.publish(notice("barrier", Samples.NOW));
    Await.until("the barrier came", () -> read.contains("bbarrier"));
    tell(NoticeJson.of(notice("after", Samples.NOW)));
    Await.until("what followed came", () -> read.contains("bafter"));
    read.removeIf(id -> id.endsWith("barrier") || id.endsWith("after"));
  }

  private static Notice notice(String id, Instant at) {
    return new Notice(
        id,
        Notice.Type.CHANGED,
        7L,
        "antigravity",
        null,
        null,
        null,
        1L,
        2L,
        null,
        null,
        null,
        "node-a",
        at);
  }
}
