package dev.evertoken.adapter.oauth;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.rig.Await;
import dev.evertoken.rig.NameServer;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class NamesTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final NameServer server = NameServer.of("provider.test", "other.test");
  private final NameServer dead = NameServer.of().mode(NameServer.Mode.IS_SILENT);
  private Vertx vertx = Vertx.vertx();

  private Names names(Duration memory, NameServer... servers) {
    vertx.close().await();
    vertx =
        Outside.vertx(
            Egress.nameLookup(List.of(servers).stream().map(NameServer::address).toList()));
    return new Names((VertxInternal) vertx, memory);
  }

  private void lookUp(Names names, String host) {
    Outside.await(names.addresses(((VertxInternal) vertx).createEventLoopContext(), host, false));
  }

  private void lose(Names names, String host) {
    Outside.failure(
        UnknownHostException.class,
        names.addresses(((VertxInternal) vertx).createEventLoopContext(), host, false));
  }

  @AfterEach
  void close() {
    vertx.close().await();
    server.close();
    dead.close();
  }

  @Test
  void aDeadFirstServerIsNoDeadDns() {
    Names names = names(Duration.ofHours(1), dead, server);

    lookUp(names, "provider.test");

    assertThat(dead.questions()).isPositive();
    assertThat(names.up()).isTrue();
  }

  /** The one that is never found is lost first: the others must not wait behind it. */
  @Test
  void everyLostNameIsAskedForUntilItIsFound() {
    List<String> all = List.of("never.test", "provider.test", "other.test");
    Names names = names(Duration.ofHours(1), server);
    server.mode(NameServer.Mode.REFUSES);
    all.forEach(name -> lose(names, name));
    Await.until("it is noticed", () -> !names.up(), SOON);

    server.mode(NameServer.Mode.ANSWERS);
    Map<String, Integer> asked = all.stream().collect(toMap(name -> name, server::questions));
    Await.until(
        "each is asked for",
        () -> all.stream().allMatch(name -> server.questions(name) > asked.getOrDefault(name, 0)),
        SOON);

    assertThat(names.up()).as("one is still lost").isFalse();
  }

  @Test
  void aNameThatNobodyWantsAnyLongerIsForgotten() {
    Names names = names(Duration.ofSeconds(2), server);

    lose(names, "never.test");

    Await.until("it is noticed", () -> !names.up(), SOON);
    Await.until("it is forgotten", names::up, SOON);
  }
}
