package dev.evertoken.http;

import dev.evertoken.app.EventTail;
import dev.evertoken.domain.Caller;
import dev.evertoken.port.EventLog.Event;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One caller's events, in the form of server-sent events: each piece is what is new since the last
 * one, and is made when the last one was sent. So a slow reader costs no memory: it reads the log
 * later, or is given up with its connection.
 *
 * <p>Safe for any thread: what wakes it and what asks it for the next piece may be different ones.
 */
final class EventStream implements Reply.Pieces {

  private static final int PAGE = 100;

  private final EventTail tail;
  private final Caller caller;
  private final Predicate<Event> wanted;
  private final Runnable wake = this::look;
  private final Promise<Void> end = Promise.promise();

  // Guarded by this.
  private @Nullable Promise<Optional<Buffer>> awaited;
  private @Nullable Buffer opening;
  private long seen;
  private long told;
  private boolean looking;
  private boolean lookAgain;
  private boolean pinged;
  private boolean ended;

  private EventStream(
      EventTail tail, Caller caller, Predicate<Event> wanted, Buffer opening, long seen) {
    this.tail = tail;
    this.caller = caller;
    this.wanted = wanted;
    this.opening = opening;
    this.seen = seen;
    this.told = seen;
  }

  /**
   * A stream of what comes after that event.
   *
   * @param seen null: of what comes after the log's beginning, as there is no event yet
   * @param reset whether the caller has missed events for good
   */
  static EventStream after(
      @Nullable Long seen, boolean reset, EventTail tail, Caller caller, Predicate<Event> wanted) {
    Buffer opening = Buffer.buffer("retry: 2000\n: evertoken\n");
    if (seen != null) {
      opening.appendString("id: " + seen + "\n");
    }
    if (reset) {
      JsonObject data =
          new JsonObject()
              .put("schema", 1)
              .put("type", "reset")
              .put("reason", "events were missed: read again what you keep");
      opening.appendString("event: reset\ndata: ").appendString(data.encode()).appendString("\n");
    }
    opening.appendString("\n");
    EventStream stream = new EventStream(tail, caller, wanted, opening, seen == null ? 0 : seen);
    tail.join(stream.wake);
    return stream;
  }

  Caller caller() {
    return caller;
  }

  @Override
  public Future<Optional<Buffer>> next() {
    Promise<Optional<Buffer>> promise = Promise.promise();
    Buffer first;
    synchronized (this) {
      first = opening;
      opening = null;
      if (ended) {
        return Future.succeededFuture(Optional.empty());
      }
      if (first == null) {
        awaited = promise;
      }
    }
    if (first != null) {
      return Future.succeededFuture(Optional.of(first));
    }
    look();
    return promise.future();
  }

  /** Says something, so that nobody on the way takes the silence for an end. */
  void ping() {
    synchronized (this) {
      pinged = true;
    }
    look();
  }

  Future<Void> whenEnded() {
    return end.future();
  }

  /** Ends the stream; the caller may resume it elsewhere. */
  void end() {
    Promise<Optional<Buffer>> waiting;
    synchronized (this) {
      ended = true;
      waiting = awaited;
      awaited = null;
    }
    tail.leave(wake);
    end.tryComplete();
    if (waiting != null) {
      waiting.tryComplete(Optional.empty());
    }
  }

  /** Looks for what is new, where somebody waits for it. */
  private void look() {
    long from;
    synchronized (this) {
      if (awaited == null || ended) {
        return;
      }
      if (looking) {
        lookAgain = true;
        return;
      }
      looking = true;
      from = seen;
    }
    tail.after(from, PAGE).onSuccess(this::found).onFailure(missed -> found(List.of()));
  }

  private void found(List<Event> events) {
    Promise<Optional<Buffer>> waiting;
    Buffer piece;
    boolean again;
    synchronized (this) {
      looking = false;
      piece = piece(events);
      waiting = piece.length() == 0 ? null : awaited;
      if (waiting != null) {
        awaited = null;
      }
      again = waiting == null && (lookAgain || !events.isEmpty());
      lookAgain = false;
    }
    if (waiting != null) {
      waiting.tryComplete(Optional.of(piece));
    } else if (again) {
      look();
    }
  }

  private Buffer piece(List<Event> events) {
    Buffer piece = Buffer.buffer();
    for (Event event : events) {
      seen = event.id();
      if (event.visibleTo(caller) && wanted.test(event)) {
        told = seen;
        piece
            .appendString("id: " + event.id() + "\nevent: " + event.type() + "\ndata: ")
            .appendString(event.notice())
            .appendString("\n\n");
      }
    }
    if (pinged && piece.length() == 0) {
      piece.appendString(":\n");
      if (seen > told) {
        // What was passed over is seen too: else a resumption would begin too far back.
        piece.appendString("id: " + seen + "\n");
        told = seen;
      }
      piece.appendString("\n");
    }
    if (piece.length() > 0) {
      pinged = false;
    }
    return piece;
  }
}
