package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.rig.Await;
import dev.evertoken.rig.Frozen;
import dev.evertoken.rig.OddProvider;
import dev.evertoken.rig.ServiceProcess;
import dev.evertoken.scenario.OddAccounts.Held;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node is frozen while the provider's answer arrives, for longer than its claim lasts. */
final class FrozenAnswerTest {
  private static final String QUICK =
      "{connect_timeout: 1s, tls_timeout: 1s, total_timeout: 2s, request_timeout: 2s}";

  private final OddProvider provider = new OddProvider();
  private final CountDownLatch gate = new CountDownLatch(1);

  @RegisterExtension private final Service service = service();

  private final OddAccounts accounts = new OddAccounts(provider, service);

  private Service service() {
    Service made =
        new Service().with("refresh.background", "true").with("refresh.scan_interval", "200ms");
    for (String platform : List.of("first", "second")) {
      OddAccounts.platform(made, provider, platform, "strict").platform(platform, "refresh", QUICK);
    }
    return made;
  }

  @AfterEach
  void close() {
    gate.countDown();
    provider.close();
  }

  private void untilOpen() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @DisplayName("a frozen node keeps the answer in its socket, and nobody presents its token again")
  void keepsTheAnswer() {
    ServiceProcess node = service.process(1, null);
    List<Held> all = new ArrayList<>();
    for (String platform : List.of("first", "second")) {
      String grant = provider.grant();
      JsonObject credentials =
          new JsonObject()
              .put("refresh_token", provider.live(grant))
              .put("access_token", "old")
              .put("expires_at", Instant.now().plusSeconds(2400).toString());
      all.add(
          accounts.account(
              platform, grant, new JsonObject().put("credentials", credentials).encode()));
    }
    provider.beforeAnswer(this::untilOpen);
    List<CompletableFuture<Answer>> asked =
        all.stream()
            .map(it -> service.talk(node).posting("/v1/accounts/" + it.id() + "/refresh", null))
            .toList();
    Await.until("the provider is asked", () -> provider.calls().size() == 2);

    try (Frozen _ = node.freeze()) {
      gate.countDown();
      Await.until(
          () ->
              "the claim has lapsed unanswered: "
                  + provider.calls()
                  + all.stream().map(accounts::shown).toList(),
          () ->
              all.stream()
                  .allMatch(
                      it -> {
                        assertThat(accounts.token(it).status()).isEqualTo(200);
                        return accounts.shown(it).getString("outcome_unknown_since") != null;
                      }),
          Duration.ofSeconds(40));
    }

    Await.until(
        () -> "the answers are stored: " + all.stream().map(accounts::shown).toList(),
        () ->
            all.stream()
                .allMatch(
                    it -> accounts.token(it).token().equals(provider.accessToken(it.grant()))),
        Duration.ofSeconds(20));
    asked.forEach(answer -> assertThat(answer.join().status()).isLessThan(600));
    assertThat(provider.calls()).hasSize(2);
    assertThat(accounts.refreshes(all).values()).allMatch(answer -> answer.status() == 200);
    assertThat(provider.repeats()).isEmpty();
  }
}
