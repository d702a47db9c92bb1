package dev.evertoken.bus;

import dev.evertoken.domain.Trace;
import dev.evertoken.wire.TraceId;
import io.vertx.core.eventbus.Message;
import org.jspecify.annotations.Nullable;

/** The name of a message: the caller's trace, or one that is made when it is asked for. */
final class MessageTrace implements Trace {

  private final Message<Object> message;
  private @Nullable String known;

  MessageTrace(Message<Object> message) {
    this.message = message;
  }

  @Override
  public synchronized String id() {
    String id = known == null ? TraceId.of(message.headers().get(Headers.TRACEPARENT)) : known;
    known = id;
    return id;
  }
}
