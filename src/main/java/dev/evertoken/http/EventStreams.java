package dev.evertoken.http;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The open streams of events of this node: each ends with its connection, its key, or the node. */
final class EventStreams {

  private static final Duration PING = Duration.ofSeconds(15);
  private static final Duration CHECK = Duration.ofSeconds(5);
  private static final int MOST_OF_A_KEY = 50;

  private final long pingMillis;
  private final long checkMillis;
  private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  EventStreams() {
    this(PING, CHECK);
  }

  /**
   * None is open yet.
   *
   * @param ping between two signs of life
   * @param check between two looks at the key of a stream
   */
  EventStreams(Duration ping, Duration check) {
    pingMillis = ping.toMillis();
    checkMillis = check.toMillis();
  }

  /** Refuses one stream too many of the same key. */
  void admit(Caller caller) {
    long of =
        open.stream().filter(stream -> stream.caller().actor().equals(caller.actor())).count();
    if (of >= MOST_OF_A_KEY) {
      throw Problem.of(
              ProblemCode.RATE_LIMITED,
              "This API key has " + MOST_OF_A_KEY + " streams of events open on this node.")
          .withRetryAfter(PING)
          .exception();
    }
  }

  /**
   * Keeps the stream while it is open.
   *
   * @param key asks again whether the key that opened it is good
   */
  void opened(EventStream stream, HttpServerResponse response, Supplier<Future<Caller>> key) {
    Context context = Objects.requireNonNull(Vertx.currentContext());
    open.add(stream);
    long pings = context.owner().setPeriodic(pingMillis, tick -> stream.ping());
    long checks = context.owner().setPeriodic(checkMillis, tick -> check(stream, response, key));
    response.closeHandler(closed -> stream.end());
    stream
        .whenEnded()
        .onComplete(
            end -> {
              open.remove(stream);
              context.owner().cancelTimer(pings);
              context.owner().cancelTimer(checks);
            });
    if (ended) {
      stream.end();
    }
  }

  /** The key was deleted. */
  void ended(String actor) {
    open.stream().filter(stream -> stream.caller().actor().equals(actor)).forEach(EventStream::end);
  }

  /** The node drains: every stream ends, and so do those that come too late. */
  void endAll() {
    ended = true;
    open.forEach(EventStream::end);
  }

  /** A storage that is away, or a key in a hurry, ends no stream. */
  private static void check(
      EventStream stream, HttpServerResponse response, Supplier<Future<Caller>> key) {
    if (response.closed()) {
      stream.end();
      return;
    }
    key.get()
        .onFailure(
            failure -> {
              if (failure instanceof ProblemException refusal
                  && (refusal.problem().code() == ProblemCode.UNAUTHENTICATED
                      || refusal.problem().code() == ProblemCode.FORBIDDEN)) {
                stream.end();
              }
            });
  }
}
