package dev.evertoken.app.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ShareTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static Vertx vertx;

  @BeforeAll
  static void begin() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void end() {
    vertx.close().await();
  }

  @Test
  void givesOutNoMoreThanItsLimitAtOnce() {
    Share share = new Share(vertx, () -> 2, () -> 0);

    Future<Share.Permit> first = share.take(new Demand(true), LONG);
    Future<Share.Permit> second = share.take(new Demand(true), LONG);
    Future<Share.Permit> third = share.take(new Demand(true), LONG);

    assertThat(first.succeeded()).isTrue();
    assertThat(second.succeeded()).isTrue();
    assertThat(third.isComplete()).isFalse();
    first.result().close();
    first.result().close();
    assertThat(third.succeeded()).isTrue();
    assertThat(share.busy()).isEqualTo(2);
  }

  @Test
  void letsThoseGoFirstForWhomSomebodyWaitsAndKeepsOneTurnInFourForTheBackground() {
    Share share = new Share(vertx, () -> 1, () -> 0);
    Share.Permit busy = share.take(new Demand(true), LONG).result();
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      queue(share, false, "background", order);
    }
    for (int i = 0; i < 6; i++) {
      queue(share, true, "awaited", order);
    }

    busy.close();

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
  void whoeverIsJoinedWhileWaitingMovesAhead() {
    Share share = new Share(vertx, () -> 1, () -> 0);
    Share.Permit busy = share.take(new Demand(false), LONG).result();
    List<String> order = new ArrayList<>();
    queue(share, false, "first", order);
    Demand second = new Demand(false);
    share.take(second, LONG).onSuccess(permit -> done(permit, "second", order));

    second.join();
    busy.close();

    assertThat(order).containsExactly("second", "first");
  }

  @Test
  void spacesStartsByTheRate() {
    Share share = new Share(vertx, () -> 100, () -> 10);
    long begun = System.nanoTime();

    List<Future<Share.Permit>> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(share.take(new Demand(true), LONG));
    }
    Future.all(all).await();

    assertThat(System.nanoTime() - begun)
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(500));
  }

  /** A timer for each of them would give out a thousand a second at the most. */
  @Test
  void givesAtOnceWhatFallsDueBeforeATimerCould() {
    Share share = new Share(vertx, () -> 100, () -> 10_000);

    List<Future<Share.Permit>> takes =
        Stream.generate(() -> share.take(new Demand(false), LONG)).limit(10).toList();

    assertThat(takes).allMatch(Future::succeeded);
  }

  @Test
  void aWaitThatTakesTooLongEndsAndTakesNothing() {
    Share share = new Share(vertx, () -> 1, () -> 0);
    Share.Permit busy = share.take(new Demand(true), LONG).result();

    Throwable failure =
        share
            .take(new Demand(true), Duration.ofMillis(20))
            .<Throwable>map(permit -> new AssertionError("got a permit"))
            .recover(Future::succeededFuture)
            .await();

    assertThat(failure).isInstanceOf(ProblemException.class);
    busy.close();
    assertThat(share.busy()).isZero();
    assertThat(share.take(new Demand(true), LONG).succeeded()).isTrue();
  }

  private static void queue(Share share, boolean awaited, String name, List<String> order) {
    share.take(new Demand(awaited), LONG).onSuccess(permit -> done(permit, name, order));
  }

  private static void done(Share.Permit permit, String name, List<String> order) {
    order.add(name);
    permit.close();
  }
}
