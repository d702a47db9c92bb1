package dev.evertoken.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Presentation.Outcome;
import dev.evertoken.rig.Await;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class SimulatedProviderTest {
  @RegisterExtension private final RunningProvider rig = new RunningProvider();

  @Test
  void rotatesAndSpendsTheUsedRefreshToken() throws Exception {
    NewFamily family = rig.newFamily("canary");

    JsonObject answer = new JsonObject(rig.talk().refresh(family.refreshToken()).body());

    assertThat(answer.getString("access_token")).startsWith("canary-at-");
    assertThat(answer.getString("refresh_token"))
        .startsWith("canary-rt-")
        .isNotEqualTo(family.refreshToken())
        .isEqualTo(rig.ledger().liveLeaf(family.id()).orElseThrow());
    assertThat(answer.getInteger("expires_in")).isEqualTo(3600);
    assertThat(rig.outcomes(family)).containsExactly(Outcome.ROTATED);
    assertThat(rig.ledger().reuses()).isEmpty();
  }

  @Test
  void endsTheFamilyWhenASpentRefreshTokenComesAgain() throws Exception {
    NewFamily family = rig.newFamily();
    JsonObject first = new JsonObject(rig.talk().refresh(family.refreshToken()).body());

    HttpResponse<String> again = rig.talk().refresh(family.refreshToken());

    assertThat(again.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(again.body()).getString("error")).isEqualTo("invalid_grant");
    assertThat(rig.ledger().liveLeaf(family.id())).isEmpty();
    assertThat(rig.ledger().endedByReuse(family.id())).isTrue();
    assertThat(rig.ledger().reuses()).hasSize(1);
    assertThat(rig.talk().refresh(first.getString("refresh_token")).statusCode()).isEqualTo(400);
    assertThat(rig.isValid(first.getString("access_token"))).isFalse();
    assertThat(rig.outcomes(family))
        .containsExactly(Outcome.ROTATED, Outcome.REFUSED_SPENT, Outcome.REFUSED_REVOKED);
  }

  @Test
  void onlyRefusesASpentTokenWhereReuseIsNotDetected() throws Exception {
    rig.switches().change(b -> b.reuseDetection(false));
    NewFamily family = rig.newFamily();
    rig.talk().refresh(family.refreshToken());

    assertThat(rig.talk().refresh(family.refreshToken()).statusCode()).isEqualTo(400);

    assertThat(rig.ledger().liveLeaf(family.id())).isPresent();
    assertThat(rig.ledger().reuses()).hasSize(1);
  }

  @Test
  void keepsTheRefreshTokenWithoutRotation() throws Exception {
    rig.switches().change(b -> b.rotation(ProviderRotation.none()));
    NewFamily family = rig.newFamily();

    for (int i = 0; i < 3; i++) {
      JsonObject answer = new JsonObject(rig.talk().refresh(family.refreshToken()).body());
      assertThat(answer.containsKey("refresh_token")).isFalse();
    }

    assertThat(rig.ledger().liveLeaf(family.id())).contains(family.refreshToken());
    assertThat(rig.ledger().reuses()).isEmpty();
    assertThat(rig.outcomes(family)).containsOnly(Outcome.KEPT);
  }

  @Test
  void givesTheLiveTokenAgainInsideTheGraceAndEndsTheFamilyAfterIt() throws Exception {
    rig.switches().change(b -> b.rotation(ProviderRotation.grace(Duration.ofSeconds(30))));
    NewFamily family = rig.newFamily();
    JsonObject first = new JsonObject(rig.talk().refresh(family.refreshToken()).body());

    rig.clock().advance(Duration.ofSeconds(30));
    JsonObject second = new JsonObject(rig.talk().refresh(family.refreshToken()).body());
    assertThat(second.getString("refresh_token")).isEqualTo(first.getString("refresh_token"));

    rig.clock().advance(Duration.ofSeconds(1));
    assertThat(rig.talk().refresh(family.refreshToken()).statusCode()).isEqualTo(400);
    assertThat(rig.outcomes(family))
        .containsExactly(Outcome.ROTATED, Outcome.FORGIVEN, Outcome.REFUSED_SPENT);
    assertThat(rig.ledger().endedByReuse(family.id())).isTrue();
  }

  @Test
  void acceptsThePreviousTokenUntilItsSuccessorWasUsed() throws Exception {
    rig.switches().change(b -> b.rotation(ProviderRotation.previousOnly()));
    NewFamily family = rig.newFamily();
    JsonObject first = new JsonObject(rig.talk().refresh(family.refreshToken()).body());

    JsonObject repeated = new JsonObject(rig.talk().refresh(family.refreshToken()).body());
    assertThat(repeated.getString("refresh_token")).isEqualTo(first.getString("refresh_token"));

    assertThat(rig.talk().refresh(first.getString("refresh_token")).statusCode()).isEqualTo(200);
    assertThat(rig.talk().refresh(family.refreshToken()).statusCode()).isEqualTo(400);
  }

  @Test
  void keepsAnExactLedgerUnderParallelPosts() throws Exception {
    var gate = new Gate();
    rig.switches().fault(Endpoint.TOKEN, Fault.held(gate));
    NewFamily one = rig.newFamily();
    List<NewFamily> others = IntStream.range(0, 25).mapToObj(i -> rig.newFamily()).toList();

    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, 50)
            .mapToObj(i -> i < 25 ? one : others.get(i - 25))
            .map(family -> rig.talk().refreshing(family.refreshToken()))
            .toList();
    Await.until("all 50 calls are in flight", () -> rig.ledger().inFlight() == 50);
    gate.open();
    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();

    Ledger ledger = rig.ledger();
    assertThat(answers.stream().filter(a -> a.join().statusCode() == 200)).hasSize(26);
    assertThat(ledger.presentations()).hasSize(50);
    assertThat(ledger.presentations(one.id())).hasSize(25);
    assertThat(rig.outcomes(one)).containsOnlyOnce(Outcome.ROTATED);
    assertThat(ledger.reuses()).hasSize(24);
    assertThat(ledger.presentations().stream().map(Presentation::number))
        .isEqualTo(IntStream.rangeClosed(1, 50).mapToObj(Long::valueOf).toList());
    assertThat(ledger.maxInFlight()).isEqualTo(50);
    assertThat(ledger.maxInFlight(one.id())).isEqualTo(25);
    assertThat(ledger.maxInFlight(others.getFirst().id())).isEqualTo(1);
    assertThat(ledger.inFlight()).isZero();
    assertThat(ledger.calls(Endpoint.TOKEN)).isEqualTo(50);
    assertThat(ledger.maxPerSecond()).isEqualTo(50);
    for (NewFamily other : others) {
      assertThat(rig.outcomes(other)).containsExactly(Outcome.ROTATED);
    }
  }

  @Test
  void letsAnIdleRefreshTokenDie() throws Exception {
    rig.switches().change(b -> b.refreshTokenIdle(Duration.ofHours(15)));
    NewFamily family = rig.newFamily();
    rig.clock().advance(Duration.ofHours(15).plusSeconds(1));

    assertThat(rig.talk().refresh(family.refreshToken()).statusCode()).isEqualTo(400);

    assertThat(rig.outcomes(family)).containsExactly(Outcome.REFUSED_IDLE);
  }
}
