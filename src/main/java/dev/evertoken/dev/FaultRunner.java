package dev.evertoken.dev;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Carries out a call as the switches say: the effect first, then delay, fault and answer. */
final class FaultRunner {
  private final Vertx vertx;
  private final Switches switches;

  FaultRunner(Vertx vertx, Switches switches) {
    this.vertx = vertx;
    this.switches = switches;
  }

  void run(IncomingCall call, Operation operation) {
    String family = call.family().orElse(null);
    Duration delay =
        call.endpoint() == Endpoint.TOKEN ? switches.behaviour(family).delay() : Duration.ZERO;
    switches
        .strike(call.endpoint(), family)
        .ifPresentOrElse(
            fault -> strike(call, operation, fault, delay),
            () -> answerLater(call, operation.perform(), delay));
  }

  private void strike(IncomingCall call, Operation operation, Fault fault, Duration delay) {
    switch (fault.effect()) {
      case Fault.Effect.Reply reply -> {
        settle(operation, fault);
        answerLater(call, Answer.of(reply), delay);
      }
      case Fault.Effect.Drop() -> {
        settle(operation, fault);
        after(delay).onSuccess(due -> call.drop());
      }
      case Fault.Effect.Hang() -> settle(operation, fault);
      case Fault.Effect.Trickle(var interval) -> call.trickle(operation.perform(), interval);
      case Fault.Effect.Delayed(var longer) -> answer(call, operation, fault, after(longer));
      case Fault.Effect.Held(var gate) -> answer(call, operation, fault, gate.arrive());
    }
  }

  private static void settle(Operation operation, Fault fault) {
    if (fault.processed()) {
      operation.perform();
    } else {
      operation.skip();
    }
  }

  /** The proper answer when {@code due}; not processed before means processed then. */
  private static void answer(IncomingCall call, Operation operation, Fault fault, Future<?> due) {
    if (fault.processed()) {
      Answer answer = operation.perform();
      due.onSuccess(now -> call.reply(answer));
    } else {
      due.onSuccess(now -> call.reply(operation.perform()));
    }
  }

  private void answerLater(IncomingCall call, Answer answer, Duration delay) {
    after(delay).onSuccess(due -> call.reply(answer));
  }

  private Future<?> after(Duration delay) {
    return delay.isZero()
        ? Future.succeededFuture()
        : vertx.timer(Math.max(1, delay.toMillis()), TimeUnit.MILLISECONDS);
  }
}
