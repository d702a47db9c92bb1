package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.rig.AnswerFile;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.OddProvider;
import dev.evertoken.scenario.OddAccounts.Held;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What our own stop or our own settings prevent marks no account and no route. */
final class NobodysFaultTest {
  private final OddProvider provider = new OddProvider();

  @RegisterExtension
  private final Service service = OddAccounts.platform(new Service(), provider, "odd", "none");

  private final OddAccounts accounts = new OddAccounts(provider, service);

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  @DisplayName("a node that drains starts no retry and benches nobody")
  void draining() {
    CountDownLatch gate = new CountDownLatch(1);
    provider.beforeAnswer(() -> awaitOpen(gate));
    provider.answer(AnswerFile.json(500, "{\"error\":\"server_error\"}"));
    List<Held> all = accounts.accounts("odd", 3);
    List<CompletableFuture<Answer>> asked =
        all.stream().map(held -> service.talk().asking(held.id())).toList();
    Await.until("each was tried", () -> provider.calls().size() == 3, Duration.ofSeconds(20));

    CompletableFuture<Void> restarted = CompletableFuture.runAsync(service::restart);
    Await.until("the node drains", this::isDraining, Duration.ofSeconds(20));
    gate.countDown();
    restarted.join();

    assertThat(asked)
        .allSatisfy(ask -> assertThat(ask.handle((answer, cut) -> cut == null).join()).isNotNull());
    assertThat(provider.calls()).hasSize(3);
    assertThat(all).noneMatch(accounts::isBenched).noneMatch(accounts::isInError);
    assertThat(all).noneMatch(held -> accounts.isBlockedBy(held, "provider"));
    provider.answer(AnswerFile.PLAIN);
    accounts.awaitServed(all, Duration.ofSeconds(20));
  }

  private boolean isDraining() {
    try {
      return service.talk().get("/health/ready").status() == 503;
    } catch (UncheckedIOException refused) {
      return true;
    }
  }

  private static void awaitOpen(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @DisplayName("an address that egress.deny forbids marks nobody, and the answer names the setting")
  void denied() {
    List<Held> all = accounts.accounts("odd", 6);
    service.with("egress.deny", "127.0.0.0/8").start();

    for (Held held : all) {
      Answer answer = service.talk(1).token(held.id());
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.code()).isEqualTo("provider_unavailable");
      assertThat(answer.text("detail")).contains("egress.deny");
      JsonObject refreshed = service.talk(1).account(held.id());
      assertThat(refreshed.getString("status")).isEqualTo("active");
    }

    assertThat(provider.calls()).isEmpty();
    assertThat(all).noneMatch(accounts::isBenched);
    Map<Held, Answer> elsewhere = accounts.tokens(all);
    assertThat(elsewhere.values()).allMatch(answer -> answer.status() == 200);
  }
}
