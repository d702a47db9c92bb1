package dev.evertoken.http;

import dev.evertoken.app.CallerAuthentication;
import dev.evertoken.app.EventTail;
import dev.evertoken.app.VisibleAccounts;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.PlainNumber;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.EventLog.Event;
import dev.evertoken.wire.RequestFields;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The events of the cluster as server-sent events (contract, section 3). */
final class EventEndpoints {

  static final String TYPE = "text/event-stream";
  private static final int LONGEST = 500;

  private final EventTail tail;
  private final VisibleAccounts visible;
  private final Bearer bearer;
  private final EventStreams streams = new EventStreams();

  EventEndpoints(
      EventTail tail, VisibleAccounts visible, CallerAuthentication callers, Flight flight) {
    this.tail = tail;
    this.visible = visible;
    this.bearer = new Bearer(callers);
    callers.whenForgotten(key -> streams.ended("key:" + key));
    flight.whenDraining(streams::endAll);
  }

  List<Endpoint> all() {
    return List.of(Endpoint.get("/v1/events", Scope.EVENTS_READ, this::stream).answering(TYPE));
  }

  private Future<Reply> stream(Call call) {
    RequestFields query = call.query();
    Set<String> types = types(query);
    Long account = query.whole("account", 1, Long.MAX_VALUE);
    query.end();
    Optional<Long> last = lastEventId(call);
    streams.admit(call.caller());
    Predicate<Event> wanted =
        event ->
            (types.isEmpty() || types.contains(event.type()))
                && (account == null || account.equals(event.account()));
    return seen(call, account)
        .compose(there -> begin(last))
        .map(begin -> opened(call, begin, wanted));
  }

  private Future<?> seen(Call call, @Nullable Long account) {
    return account == null ? Future.succeededFuture() : visible.find(call.caller(), account);
  }

  /**
   * Where a stream begins.
   *
   * @param reset whether events before that are lost to the caller
   */
  private record Beginning(@Nullable Long after, boolean reset) {}

  private Future<Beginning> begin(Optional<Long> last) {
    return last.isEmpty()
        ? newest(false)
        : tail.reaches(last.get())
            .compose(
                reached ->
                    reached
                        ? Future.succeededFuture(new Beginning(last.get(), false))
                        : newest(true));
  }

  private Future<Beginning> newest(boolean reset) {
    return tail.newest().map(id -> new Beginning(id.orElse(null), reset));
  }

  private Reply opened(Call call, Beginning begin, Predicate<Event> wanted) {
    EventStream stream =
        EventStream.after(begin.after(), begin.reset(), tail, call.caller(), wanted);
    streams.opened(
        stream,
        call.request().response(),
        () -> bearer.admit(RequestHead.of(call.request()), Scope.EVENTS_READ));
    return Reply.streamed(stream, TYPE);
  }

  private static Set<String> types(RequestFields query) {
    String given = query.text("types", LONGEST);
    Set<String> types = new HashSet<>();
    for (String type : given == null ? new String[0] : given.split(",", -1)) {
      String name = type.strip();
      if (WireName.parse(Notice.Type.class, name).isEmpty()) {
        query.invalid("types", "a list of types of notices is expected, such as error,recovered");
      }
      types.add(name);
    }
    return types;
  }

  private static Optional<Long> lastEventId(Call call) {
    String given = call.request().getHeader(Headers.LAST_EVENT_ID);
    if (given == null || given.isEmpty()) {
      return Optional.empty();
    }
    long id = PlainNumber.of(given);
    if (id == 0) {
      throw Problem.of(
              ProblemCode.MALFORMED_REQUEST, "Last-Event-ID is the id of an event of this stream.")
          .exception();
    }
    return Optional.of(id);
  }
}
