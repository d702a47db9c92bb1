package dev.evertoken.app.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.ProblemException;
import dev.evertoken.sim.VirtualTime;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PermitQueueTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final VirtualTime time = new VirtualTime();

  private PermitQueue queue(int atOnce) {
    return queue(atOnce, () -> 0);
  }

  private PermitQueue queue(int atOnce, DoubleSupplier perSecond) {
    return new PermitQueue(time, time, () -> atOnce, perSecond);
  }

  @Test
  void grantsNoMoreThanItsLimitAtOnce() {
    PermitQueue queue = queue(2);

    Future<PermitQueue.Permit> first = queue.take(new Demand(true), LONG);
    Future<PermitQueue.Permit> second = queue.take(new Demand(true), LONG);
    Future<PermitQueue.Permit> third = queue.take(new Demand(true), LONG);

    assertThat(first.succeeded()).isTrue();
    assertThat(second.succeeded()).isTrue();
    assertThat(third.isComplete()).isFalse();
    first.result().close();
    first.result().close();
    time.settle();
    assertThat(third.succeeded()).isTrue();
    assertThat(queue.busy()).isEqualTo(2);
  }

  @Test
  void callersGoFirstAndOneGrantInFourIsTheBackgrounds() {
    PermitQueue queue = queue(1);
    PermitQueue.Permit busy = queue.take(new Demand(true), LONG).result();
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      wait(queue, false, "background", order);
    }
    for (int i = 0; i < 6; i++) {
      wait(queue, true, "awaited", order);
    }

    busy.close();
    time.settle();

    assertThat(order)
        .containsExactly(
            "awaited",
            "awaited",
            "background",
            "awaited",
            "awaited",
            "awaited",
            "background",
            "awaited",
            "background");
  }

  @Test
  void workThatACallerJoinsMovesAhead() {
    PermitQueue queue = queue(1);
    PermitQueue.Permit busy = queue.take(new Demand(false), LONG).result();
    List<String> order = new ArrayList<>();
    wait(queue, false, "first", order);
    Demand second = new Demand(false);
    queue.take(second, LONG).onSuccess(permit -> done(permit, "second", order));

    second.join();
    busy.close();
    time.settle();

    assertThat(order).containsExactly("second", "first");
  }

  @Test
  void spacesGrantsByTheRate() {
    PermitQueue queue = queue(100, () -> 10);
    List<Duration> granted = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      queue
          .take(new Demand(true), LONG)
          .onSuccess(permit -> granted.add(Duration.between(VirtualTime.START, time.instant())));
    }

    time.advance(LONG);

    assertThat(granted)
        .containsExactly(
            Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(300));
  }

  /** A timer for each of them would grant a thousand a second at the most. */
  @Test
  void grantsAtOnceWhatFallsDueBeforeATimerCould() {
    PermitQueue queue = queue(100, () -> 10_000);

    List<Future<PermitQueue.Permit>> takes =
        Stream.generate(() -> queue.take(new Demand(false), LONG)).limit(10).toList();

    assertThat(takes).allMatch(Future::succeeded);
  }

  @Test
  void aWaitThatTakesTooLongEndsAndTakesNothing() {
    PermitQueue queue = queue(1);
    PermitQueue.Permit busy = queue.take(new Demand(true), LONG).result();

    Throwable failure = time.failure(queue.take(new Demand(true), Duration.ofMillis(20)));

    assertThat(failure).isInstanceOf(ProblemException.class);
    busy.close();
    assertThat(queue.busy()).isZero();
    assertThat(queue.take(new Demand(true), LONG).succeeded()).isTrue();
  }

  /** Permits granted on the stack of the one who gives back would overflow it. */
  @Test
  void tenThousandRefusalsAreAsManyTurnsAndNoDeepStack() {
    PermitQueue queue = queue(1);
    PermitQueue.Permit busy = queue.take(new Demand(true), LONG).result();
    int[] granted = {0};
    for (int i = 0; i < 10_000; i++) {
      queue
          .take(new Demand(true), LONG)
          .onSuccess(
              permit -> {
                granted[0]++;
                permit.close();
              });
    }

    busy.close();
    time.settle();

    assertThat(granted[0]).isEqualTo(10_000);
    assertThat(queue.busy()).isZero();
  }

  private void wait(PermitQueue queue, boolean awaited, String name, List<String> order) {
    queue.take(new Demand(awaited), LONG).onSuccess(permit -> done(permit, name, order));
  }

  private static void done(PermitQueue.Permit permit, String name, List<String> order) {
    order.add(name);
    permit.close();
  }
}
