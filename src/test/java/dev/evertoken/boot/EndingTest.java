package dev.evertoken.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EndingTest {

  private final List<String> closed = new ArrayList<>();
  private final Ending ending = new Ending();

  @Test
  void closesInTheOppositeOrder() {
    ending.opened("a", () -> close("a"));
    ending.opened("b", () -> close("b"));

    ending.close().await();

    assertThat(closed).containsExactly("b", "a");
  }

  @Test
  void whatFailsOrThrowsKeepsNothingElseOpen() {
    ending.opened("a", () -> close("a"));
    ending.opened("b", () -> Future.failedFuture("b"));
    ending.opened(
        "c",
        () -> {
          throw new IllegalStateException("c");
        });

    ending.close().await();

    assertThat(closed).containsExactly("a");
  }

  @Test
  void closesNothingTwice() {
    ending.opened("a", () -> close("a"));

    ending.close().await();
    ending.close().await();

    assertThat(closed).containsExactly("a");
  }

  private Future<Void> close(String name) {
    closed.add(name);
    return Future.succeededFuture();
  }
}
