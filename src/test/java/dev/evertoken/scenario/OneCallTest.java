package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.Gate;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever asks, and on whichever node: one refresh is one call of the provider (law 3). */
final class OneCallTest {

  @RegisterExtension private final Service service = new Service();

  @Test
  @DisplayName("54 background, operators and requests of two nodes at once are one call")
  void oneCall() {
    Gate gate = new Gate();
    service.provider().switches().fault(Endpoint.TOKEN, Fault.held(gate));
    NewFamily family = service.provider().newFamily();
    long id = service.account(family);
    service.with("refresh.background", "true").start();
    Await.until("the background asks the provider", () -> gate.arrivals() == 1);

    List<CompletableFuture<Answer>> asked = new ArrayList<>();
    for (int node = 0; node < 2; node++) {
      asked.add(service.talk(node).posting("/v1/accounts/" + id + "/refresh", null));
      asked.add(service.talk(node).asking(id));
      asked.add(service.talk(node).asking(id));
    }
    // Each of these answers came after the ones above were taken in.
    for (int i = 0; i < 20; i++) {
      Answer impatient = service.talk(i % 2).token(id, "max_wait_ms=0");
      assertThat(impatient.status()).isEqualTo(503);
      assertThat(impatient.code()).isEqualTo("refresh_in_progress");
    }
    gate.open();

    asked.forEach(answer -> assertThat(answer.join().status()).isEqualTo(200));
    assertThat(service.calls()).isOne();
    assertThat(service.talk().account(id).getJsonObject("last_refresh").getString("trigger"))
        .isEqualTo("background");
  }
}
