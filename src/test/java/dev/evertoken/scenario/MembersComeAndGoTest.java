package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.bus.Addresses;
import dev.evertoken.bus.TokenRefusal;
import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.domain.TokenRequest;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Frozen;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A node is killed, frozen, or ended and started again, while callers ask over HTTP and the bus.
 */
final class MembersComeAndGoTest {

  private static final Duration EXIT = Duration.ofSeconds(40);

  private static final Duration WAIT = Duration.ofSeconds(20);

  private static Members members;

  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicInteger answered = new AtomicInteger();
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void begin() {
    members = new Members(Map.of("EVERTOKEN_CACHE_NEAR_MAX_AGE", "2s"));
  }

  @AfterAll
  static void end() {
    members.close();
  }

  @AfterEach
  void noMoreFaults() {
    members.cluster().provider().switches().clearFaults();
    members.awaitWell();
  }

  /** Asks over the bus, one after another, until told. */
  private Thread askingOverTheBus(long id, Duration wait) {
    TokenOptions options = TokenOptions.NONE.withMaxWait(wait);
    return Thread.ofPlatform()
        .start(
            () -> {
              while (!done.get()) {
                members
                    .guest()
                    .client()
                    .token(new TokenRequest.OfAccount(id, options))
                    .map(token -> answered.incrementAndGet())
                    .otherwise(failure -> note(failure))
                    .await();
              }
            });
  }

  /** The same without the typed client, which would ask twice where one is silent. */
  private Thread askingPlainly(long id, Balancer balancer) {
    JsonObject body = new JsonObject().put("account", id);
    DeliveryOptions options = new DeliveryOptions().setSendTimeout(WAIT.toMillis());
    return Thread.ofPlatform()
        .start(
            () -> {
              while (!done.get()) {
                balancer.breathe();
                members
                    .guest()
                    .vertx()
                    .eventBus()
                    .request(Addresses.TOKEN_GET, body, options)
                    .map(reply -> answered.incrementAndGet())
                    .otherwise(failure -> note(failure))
                    .await();
              }
            });
  }

  private int note(Throwable failure) {
    failed.add(
        failure instanceof TokenRefusal refusal
            ? refusal.code()
            : failure.getClass().getSimpleName() + " " + failure.getMessage());
    return 0;
  }

  private void end(List<Thread> callers) throws InterruptedException {
    done.set(true);
    for (Thread caller : callers) {
      caller.join();
    }
  }

  private void awaitAnswers(int more) {
    int before = answered.get();
    Await.until(
        () -> more + " more answers beside " + failed,
        () -> answered.get() >= before + more,
        Members.PATIENCE);
  }

  @Test
  @DisplayName("a node killed: callers on the bus get their tokens from the others")
  void killed() throws InterruptedException {
    long id = members.ready();
    Thread caller = askingOverTheBus(id, WAIT);
    awaitAnswers(30);
    long begun = System.nanoTime();

    members.cluster().node(2).kill9();

    Await.until("it is noticed", () -> members.guest().members() == 3, Members.PATIENCE);
    Duration noticed = Duration.ofNanos(System.nanoTime() - begun);
    awaitAnswers(100);
    end(List.of(caller));
    System.out.println("killed member noticed after " + noticed);
    assertThat(failed).isEmpty();
    for (int node = 0; node < 2; node++) {
      members.awaitOn(node, "counts it no more", talk -> Members.missing(talk).isEmpty());
      assertThat(members.talk(node).token(id).status()).isEqualTo(200);
    }
    members.cluster().restart(2);
    members.cluster().node(2).awaitReady(Members.PATIENCE);
  }

  @Test
  @DisplayName(
      "a node frozen and resumed: the others answer, it comes back by itself, and what it held in"
          + " memory is neither an expired token nor one that was replaced")
  void frozenAndResumed() throws InterruptedException {
    long replaced = members.ready();
    NewFamily family = members.cluster().provider().newFamily();
    Instant expiry = Instant.now().plusSeconds(10);
    members
        .cluster()
        .provider()
        .switches()
        .fault(family.id(), Endpoint.TOKEN, Fault.error(503, "down"));
    long dying =
        members
            .cluster()
            .account(
                family.refreshToken(),
                body ->
                    body.getJsonObject("credentials")
                        .put("access_token", family.accessToken().value())
                        .put("expires_at", expiry.toString()));
    assertThat(members.talk(1).token(dying).token()).isEqualTo(family.accessToken().value());
    String old = members.talk(1).token(replaced).token();
    Thread caller = askingOverTheBus(replaced, WAIT);
    long begun = System.nanoTime();

    Duration noticed;
    try (Frozen _ = members.cluster().node(1).freeze()) {
      Await.until("it is noticed", () -> members.guest().members() == 3, Members.PATIENCE);
      noticed = Duration.ofNanos(System.nanoTime() - begun);
      awaitAnswers(100);
      String path = "/v1/accounts/" + replaced + "/refresh";
      assertThat(members.talk(0).post(path, null).status()).isEqualTo(200);
      Await.until("the token has ended", () -> Instant.now().isAfter(expiry), Members.PATIENCE);
    }
    Answer first = members.talk(1).token(replaced);
    Answer dead = members.talk(1).token(dying);

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.token()).isNotEqualTo(old);
    assertThat(dead.status()).as(dead.body()).isEqualTo(503);
    long resumed = System.nanoTime();
    members.awaitWell();
    System.out.println(
        "frozen member noticed after %s, back after %s"
            .formatted(noticed, Duration.ofNanos(System.nanoTime() - resumed)));
    awaitAnswers(100);
    end(List.of(caller));
    assertThat(failed).isEmpty();
  }

  @Test
  @DisplayName("88 three nodes ended and started again one by one under load: no failed answer")
  void rollingRestart() throws InterruptedException {
    long id = members.ready();
    Balancer balancer = new Balancer(Members.NODES, members::talk, done, answered, failed);
    List<Thread> callers = new ArrayList<>(balancer.probing());
    callers.addAll(List.of(balancer.asking(id), askingPlainly(id, balancer)));
    awaitAnswers(50);

    for (int node = 0; node < Members.NODES; node++) {
      members.cluster().node(node).sigterm();
      assertThat(members.cluster().node(node).exitCode(EXIT)).isZero();
      awaitAnswers(50);
      balancer.starting(true);
      members.cluster().restart(node);
      members.cluster().node(node).awaitReady(Members.PATIENCE);
      balancer.starting(false);
      members.awaitWell();
      awaitAnswers(50);
    }

    end(callers);
    assertThat(failed).isEmpty();
    assertThat(members.cluster().calls()).isZero();
    for (int node = 0; node < Members.NODES; node++) {
      assertThat(members.cluster().node(node).log())
          .contains("\"event\":\"stopped\"")
          .doesNotContain("drain_incomplete", "Failed to run close hook");
    }
  }
}
