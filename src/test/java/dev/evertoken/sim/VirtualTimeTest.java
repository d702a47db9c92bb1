package dev.evertoken.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {

  private final VirtualTime time = new VirtualTime();
  private final List<String> ran = new ArrayList<>();

  @Test
  void runsWhatFallsDueInTheOrderOfItsTimeAndShowsThatTime() {
    time.after(Duration.ofSeconds(3), () -> ran.add("late at " + time.instant()));
    time.after(Duration.ofSeconds(1), () -> ran.add("early"));
    time.after(Duration.ofSeconds(1), () -> ran.add("early too"));

    time.advance(Duration.ofSeconds(2));
    assertThat(ran).containsExactly("early", "early too");

    time.advance(Duration.ofSeconds(2));
    assertThat(ran.getLast()).isEqualTo("late at 2026-11-23T10:00:03Z");
    assertThat(time.instant()).isEqualTo(VirtualTime.START.plusSeconds(4));
  }

  @Test
  void cancelsATimerOnceAndNotAfterItFired() {
    long timer = time.after(Duration.ofSeconds(1), () -> ran.add("fired"));
    long fired = time.after(Duration.ZERO, () -> ran.add("at once"));
    time.settle();

    assertThat(time.cancel(timer)).isTrue();
    assertThat(time.cancel(timer)).isFalse();
    assertThat(time.cancel(fired)).isFalse();
    time.advance(Duration.ofSeconds(5));
    assertThat(ran).containsExactly("at once");
  }

  @Test
  void completesElsewheresFutureInATurnOfItsOwn() {
    Promise<String> elsewhere = Promise.promise();
    Future<String> here = time.here(elsewhere.future()).onSuccess(ran::add);

    elsewhere.complete("done");
    assertThat(here.isComplete()).isFalse();

    time.settle();
    assertThat(ran).containsExactly("done");
  }

  @Test
  void runsAtOnceAfterAThawWhatFellDueWhileItWasFrozen() {
    NodeTime node = time.node();
    node.after(Duration.ofSeconds(1), () -> ran.add("at " + node.instant()));
    node.freeze();
    time.after(Duration.ofSeconds(2), () -> ran.add("of another"));

    time.advance(Duration.ofSeconds(30));
    node.thaw();
    time.settle();

    assertThat(ran).containsExactly("of another", "at " + VirtualTime.START.plusSeconds(30));
  }

  @Test
  void neverRunsAnythingOfACrashedNode() {
    NodeTime node = time.node();
    node.after(Duration.ofSeconds(1), () -> ran.add("a ghost"));

    node.crash();
    node.soon(() -> ran.add("another"));
    time.advance(Duration.ofMinutes(1));

    assertThat(ran).isEmpty();
  }

  @Test
  void shufflesWhatIsDueAtOnceAndDoesSoAlikeForOneSeed() {
    List<List<String>> orders = new ArrayList<>();
    for (long seed = 0; seed < 8; seed++) {
      orders.add(order(seed));
      assertThat(order(seed)).isEqualTo(orders.getLast());
    }

    assertThat(orders.stream().distinct().count()).isGreaterThan(1);
  }

  @Test
  void stopsAtTheConditionOrWhenItsTimeIsOver() {
    Future<Void> pause = time.pause(Duration.ofSeconds(5));

    assertThat(time.runUntil(pause::isComplete, Duration.ofSeconds(4))).isFalse();
    assertThat(time.runUntil(pause::isComplete, Duration.ofSeconds(4))).isTrue();
    assertThat(time.instant()).isEqualTo(VirtualTime.START.plusSeconds(5));
  }

  @Test
  void endsEventsThatNeverLetTimePass() {
    time.soon(this::again);

    assertThatThrownBy(time::settle).hasMessageContaining("without end");
  }

  private void again() {
    time.soon(this::again);
  }

  private static List<String> order(long seed) {
    VirtualTime shuffled = VirtualTime.shuffled(seed);
    List<String> order = new ArrayList<>();
    for (String name : List.of("a", "b", "c", "d")) {
      shuffled.soon(() -> order.add(name));
    }
    shuffled.settle();
    return order;
  }
}
