package dev.evertoken.bus;

import dev.evertoken.domain.Notice;
import dev.evertoken.port.Notices;
import dev.evertoken.wire.NoticeJson;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices over the event bus. This node's own reach its readers also where the cluster cannot be
 * asked; each notice reaches a reader once, and one older than a minute not at all, for
 * reconciliation has overtaken it.
 */
public final class BusNotices implements Notices {

  private static final Logger LOG = LoggerFactory.getLogger(BusNotices.class);
  private static final Duration OLDEST = Duration.ofMinutes(1);
  private static final int REMEMBERED = 10_000;

  private final Vertx vertx;
  private final Context home;
  private final InstantSource time;
  private final RecentIds seen = new RecentIds(REMEMBERED);
  private final List<Consumer<Notice>> readers = new CopyOnWriteArrayList<>();
  private @Nullable MessageConsumer<Object> consumer;

  public BusNotices(Vertx vertx, InstantSource time) {
    this.vertx = vertx;
    this.home = vertx.getOrCreateContext();
    this.time = time;
  }

  /** Completes when every node knows that this one listens. */
  public Future<Void> start() {
    MessageConsumer<Object> listening = vertx.eventBus().consumer(Addresses.NOTICES, this::heard);
    consumer = listening;
    return listening.completion();
  }

  /** Listens no more. */
  public Future<Void> close() {
    return consumer == null ? Future.succeededFuture() : consumer.unregister();
  }

  @Override
  public void publish(Notice notice) {
    seen.add(notice.id());
    home.runOnContext(now -> deliver(notice));
    try {
      vertx.eventBus().publish(Addresses.NOTICES, NoticeJson.of(notice));
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("cause", e.getClass().getSimpleName()).log("notice not published");
    }
  }

  @Override
  public void subscribe(Consumer<Notice> reader) {
    readers.add(reader);
  }

  private void heard(Message<Object> message) {
    NoticeJson.read(message.body())
        .filter(notice -> notice.at().isAfter(time.instant().minus(OLDEST)))
        .filter(notice -> seen.add(notice.id()))
        .ifPresent(this::deliver);
  }

  private void deliver(Notice notice) {
    for (Consumer<Notice> reader : readers) {
      try {
        reader.accept(notice);
      } catch (RuntimeException e) {
        LOG.error("a reader of notices failed", e);
      }
    }
  }
}
