package dev.evertoken.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.rig.Await;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConnectionLineTest {

  private final Vertx vertx = Vertx.vertx();
  private final List<Promise<String>> running = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private ConnectionLine line(int connections, int waiting, Duration lineTime) {
    Duration any = Duration.ofSeconds(2);
    return new ConnectionLine(
        vertx, new DatabaseLimits(any, any, connections, waiting, lineTime, 3, any));
  }

  private Future<String> call(ConnectionLine line, boolean urgent) {
    return line.run(
        urgent,
        () -> {
          Promise<String> answer = Promise.promise();
          running.add(answer);
          return answer.future();
        });
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 1", "8, 6"})
  void readsLeaveSomeConnectionsToUrgentCalls(int connections, int forReads) {
    ConnectionLine line = line(connections, 1000, Duration.ofMinutes(1));
    for (int i = 0; i < 100; i++) {
      call(line, false);
    }
    assertThat(running).hasSize(forReads);

    for (int i = 0; i < 100; i++) {
      call(line, true);
    }
    assertThat(running).hasSize(connections);
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "8"})
  void anUrgentCallIsNextHoweverManyReadsWait(int connections) {
    ConnectionLine line = line(connections, 1000, Duration.ofMinutes(1));
    for (int i = 0; i < 100; i++) {
      call(line, false);
    }
    Future<String> urgent = call(line, true);
    if (connections == 1) {
      running.removeFirst().complete("read");
    }
    Await.until("the urgent one runs", () -> running.size() == Math.max(1, reads(connections) + 1));

    running.getLast().complete("commit");

    Await.until("it has ended", urgent::succeeded);
    assertThat(urgent.result()).isEqualTo("commit");
  }

  private static int reads(int connections) {
    return connections == 1 ? 0 : connections - Math.min(2, connections - 1);
  }

  @Test
  void everyOneOfManyComesToItsTurnInOrder() {
    ConnectionLine line = line(1, 5000, Duration.ofMinutes(1));
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    Promise<Void> first = Promise.promise();
    List<Future<Void>> calls = new ArrayList<>();
    calls.add(line.run(false, first::future));
    for (int i = 0; i < 5000; i++) {
      int number = i;
      calls.add(
          line.run(
              false,
              () -> {
                order.add(number);
                return Future.succeededFuture();
              }));
    }
    first.complete();

    Await.until("all have ended", () -> calls.stream().allMatch(Future::succeeded));
    assertThat(order).hasSize(5000).isSorted();
  }

  @Test
  void whoeverFindsTheLineFullOrWaitsTooLongIsToldThatWeAreOverloaded() {
    ConnectionLine line = line(1, 1, Duration.ofMillis(50));
    call(line, false);
    Future<String> waits = call(line, false);

    Future<String> refused = call(line, false);
    overloaded(refused);
    Await.until("the wait has ended", waits::isComplete);
    overloaded(waits);
    assertThat(running).hasSize(1);
  }

  @Test
  void aCallThatFailsOrThrowsGivesItsPlaceBack() {
    ConnectionLine line = line(1, 10, Duration.ofMinutes(1));
    Future<String> thrown =
        line.run(
            false,
            () -> {
              throw new IllegalStateException("a bug");
            });
    assertThat(thrown.failed()).isTrue();
    call(line, false);
    running.getLast().fail("away");
    call(line, false);

    assertThat(running).hasSize(2);
  }

  @Test
  void allWhoWaitAreToldWhenTheServerIsDown() {
    ConnectionLine line = line(1, 10, Duration.ofMinutes(1));
    call(line, false);
    Future<String> read = call(line, false);
    Future<String> commit = call(line, true);

    line.fail(StorageFailures::problem);

    Await.until("both are told", () -> read.failed() && commit.failed());
    assertThat(code(read)).isEqualTo(ProblemCode.STORAGE_UNAVAILABLE);
    assertThat(code(commit)).isEqualTo(ProblemCode.STORAGE_UNAVAILABLE);
  }

  private static void overloaded(Future<?> call) {
    assertThat(code(call)).isEqualTo(ProblemCode.OVERLOADED);
    assertThat(((ProblemException) call.cause()).problem().retryAfter()).isPositive();
  }

  private static ProblemCode code(Future<?> call) {
    assertThat(call.failed()).isTrue();
    return ((ProblemException) call.cause()).problem().code();
  }
}
