package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.Gate;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.dev.Presentation.Outcome;
import dev.evertoken.dev.ProviderRotation;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.ServiceProcess;
import dev.evertoken.rig.TcpFaultProxy;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node ends or is cut off in the middle of a refresh, and what another one makes of it. */
final class KilledNodeTest {

  private static final String QUICK =
      "{connect_timeout: 1s, tls_timeout: 1s, total_timeout: 2s, request_timeout: 20s}";

  @RegisterExtension
  private final Service service =
      new Service()
          .acme("refresh", QUICK)
          .platform("none", "rotation", "none")
          .platform("none", "refresh", QUICK)
          .platform("grace", "rotation", "{grace: 30s}")
          .platform("grace", "refresh", QUICK);

  private final Gate gate = new Gate();

  private void hold() {
    service.provider().switches().fault(Endpoint.TOKEN, Fault.held(gate).times(1));
  }

  private void awaitHeld() {
    Await.until("the provider is asked", () -> gate.arrivals() == 1);
  }

  private long account(NewFamily family, String platform) {
    ProviderRotation rotation =
        platform.equals("none")
            ? ProviderRotation.none()
            : ProviderRotation.grace(Duration.ofSeconds(30));
    service.provider().switches().change(family.id(), b -> b.rotation(rotation));
    return service.account(family, body -> body.put("platform", platform));
  }

  private static CompletableFuture<Answer> refreshing(Talk talk, long id) {
    return talk.posting("/v1/accounts/" + id + "/refresh", null);
  }

  private static void cutOff(CompletableFuture<Answer> asked) {
    assertThat(asked.handle((answer, cut) -> cut).join()).as("cut off").isNotNull();
  }

  private void refreshesAgain(long id) {
    Answer again = refreshing(service.talk(), id).join();
    assertThat(again.status()).as(again.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "grace"})
  @DisplayName("51 a node is killed in a refresh: with rotation none or grace another completes it")
  void anotherCompletes(String platform) {
    NewFamily family = service.provider().newFamily();
    long id = account(family, platform);
    ServiceProcess node = service.process(1, null);
    hold();
    CompletableFuture<Answer> asked = service.talk(node).asking(id);
    awaitHeld();

    node.kill9();

    cutOff(asked);
    Answer answer = service.talk().token(id);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(service.calls()).isEqualTo(2);
    assertThat(service.talk().account(id).getString("outcome_unknown_since")).isNull();
    refreshesAgain(id);
    assertThat(service.provider().ledger().endedByReuse(family.id())).isFalse();
  }

  @Test
  @DisplayName("51 with strict rotation the outcome is unknown, and the valid token is served on")
  void strictIsUnknown() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family, Duration.ofMinutes(10));
    ServiceProcess node = service.process(1, null);
    hold();
    CompletableFuture<Answer> asked = refreshing(service.talk(node), id);
    awaitHeld();

    node.kill9();

    cutOff(asked);
    Await.until(
        "the claim lapses",
        () -> service.talk().token(id).warnings().contains("outcome_unknown"),
        Duration.ofSeconds(30));
    for (int i = 0; i < 5; i++) {
      Answer answer = service.talk().token(id);
      assertThat(answer.token()).isEqualTo(family.accessToken().value());
    }
    assertThat(service.calls()).isOne();
    assertThat(service.talk().account(id).getString("outcome_unknown_since")).isNotNull();
  }

  /** Node 1 has its answer but no PostgreSQL until node 0 has taken over and is done. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "grace"})
  @DisplayName("50, 59 an older answer that comes to PostgreSQL after a newer one is dropped")
  void olderAnswer(String platform) {
    NewFamily family = service.provider().newFamily();
    long id = account(family, platform);
    try (TcpFaultProxy postgres = TcpFaultProxy.to(service.database())) {
      service.with("postgres.uri", postgres.through(service.database())).start();
      hold();
      CompletableFuture<Answer> older = refreshing(service.talk(1), id);
      awaitHeld();
      postgres.down();
      gate.open();

      Answer newer = service.talk().token(id);
      assertThat(newer.status()).as(newer.body()).isEqualTo(200);
      JsonObject row = service.talk().account(id);
      postgres.restore();
      older.join();

      assertThat(service.talk().token(id).token()).isEqualTo(newer.token());
      assertThat(service.talk().account(id).getLong("generation"))
          .isEqualTo(row.getLong("generation"));
      assertThat(service.talk(1).token(id).token()).isEqualTo(newer.token());
      assertThat(service.calls()).isEqualTo(2);
      refreshesAgain(id);
      assertThat(
              service.provider().ledger().presentations(family.id()).stream()
                  .filter(p -> p.outcome() == Outcome.REFUSED_SPENT))
          .isEmpty();
    }
  }

  @Test
  @DisplayName("57 killed before the commit: a restart stores the answer that was in escrow")
  void escrowIsReplayed() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family);
    ServiceProcess killed = service.process(1, "before_commit:60000,after_escrow:kill");
    cutOff(service.talk(killed).asking(id));
    assertThat(killed.exitCode(Duration.ofSeconds(30))).isEqualTo(137);

    ServiceProcess restarted = service.process(1, null);

    Answer answer = service.talk(restarted).token(id);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(service.talk().account(id).getString("outcome_unknown_since")).isNull();
    assertThat(service.calls()).isOne();
    refreshesAgain(id);
    assertThat(service.provider().ledger().reuses()).isEmpty();
  }

  @Test
  @DisplayName(
      "57 killed before the answer was kept: rotation was lost is said once, without a loop")
  void lossIsVisible() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family);
    ServiceProcess killed = service.process(1, "after_answer:kill");
    cutOff(service.talk(killed).asking(id));
    assertThat(killed.exitCode(Duration.ofSeconds(30))).isEqualTo(137);

    for (int i = 0; i < 5; i++) {
      Answer answer = service.talk().token(id);
      assertThat(answer.status()).as(answer.body()).isEqualTo(424);
    }

    JsonObject account = service.talk().account(id);
    assertThat(account.getString("status")).isEqualTo("error");
    assertThat(account.getValue("error").toString()).contains("rotation was lost");
    assertThat(service.calls()).as("one try under an unknown outcome").isEqualTo(2);
  }
}
