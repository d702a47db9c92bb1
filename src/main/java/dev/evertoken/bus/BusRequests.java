package dev.evertoken.bus;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Trace;
import dev.evertoken.wire.ProblemJson;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the messages of one address, whatever they are: never silence.
 *
 * <p>A failure is a {@code ReplyException} with the HTTP status as its code and the problem's code
 * as its message, or with the header {@code failures: reply} a reply {@code {"problem":{…}}}.
 */
public final class BusRequests implements Handler<Message<Object>> {

  private static final Logger LOG = LoggerFactory.getLogger(BusRequests.class);

  private final BusCallers callers;
  private final BusOperation operation;
  private final Set<Future<JsonObject>> running = ConcurrentHashMap.newKeySet();

  public BusRequests(BusCallers callers, BusOperation operation) {
    this.callers = callers;
    this.operation = operation;
  }

  @Override
  public void handle(Message<Object> message) {
    Trace trace = new MessageTrace(message);
    Future<JsonObject> answer = answer(message, trace);
    if (answer.succeeded()) {
      message.reply(answer.result());
    } else {
      running.add(answer);
      answer
          .onSuccess(message::reply)
          .onFailure(failure -> refuse(message, trace, failure))
          .onComplete(answered -> running.remove(answer));
    }
  }

  /** The warm call is answered without a chain of futures: a quarter of its time went there. */
  private Future<JsonObject> answer(Message<Object> message, Trace trace) {
    try {
      Future<Caller> caller = callers.caller(message.headers());
      return caller.succeeded()
          ? run(caller.result(), message, trace)
          : caller.compose(known -> run(known, message, trace));
    } catch (Throwable failure) {
      return Future.failedFuture(failure);
    }
  }

  private Future<JsonObject> run(Caller caller, Message<Object> message, Trace trace) {
    if (!caller.has(Scope.TOKEN_READ)) {
      throw Problem.of(ProblemCode.FORBIDDEN, "The scope token:read is needed.").exception();
    }
    return operation.run(caller, readable(message.body()), trace);
  }

  /** Completes, and never fails, once nothing is left to answer. */
  public Future<Void> drain() {
    List<Future<JsonObject>> left = List.copyOf(running);
    return left.isEmpty()
        ? Future.succeededFuture()
        : Future.join(left).transform(answered -> drain());
  }

  private static JsonObject readable(Object body) {
    if (!(body instanceof JsonObject json)) {
      throw malformed("a JSON object is expected");
    }
    if (BodyLimit.exceeded(json)) {
      throw malformed("the message is too large");
    }
    return json;
  }

  private static ProblemException malformed(String detail) {
    return Problem.of(ProblemCode.MALFORMED_REQUEST, detail).exception();
  }

  private static void refuse(Message<Object> message, Trace trace, Throwable failure) {
    if (!(failure instanceof ProblemException)) {
      LOG.atError().addKeyValue("trace_id", trace.id()).setCause(failure).log("bus_bug");
    }
    Problem problem = ProblemJson.problem(failure);
    if (Headers.FAILURES_AS_REPLY.equals(message.headers().get(Headers.FAILURES))) {
      message.reply(new JsonObject().put("problem", ProblemJson.of(problem, trace.id())));
    } else {
      message.fail(problem.code().status(), problem.code().code());
    }
  }
}
