package dev.evertoken.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.evertoken.dev.Presentation.Outcome;
import dev.evertoken.rig.Await;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ProviderFaultsTest {
  @RegisterExtension private final RunningProvider rig = new RunningProvider();

  @Test
  void consumesTheTokenThoughItsAnswerIsDropped() throws Exception {
    rig.switches().fault(Endpoint.TOKEN, Fault.drop().times(1));
    NewFamily family = rig.newFamily();

    assertThatThrownBy(() -> rig.talk().refresh(family.refreshToken()))
        .isInstanceOf(IOException.class);

    assertThat(rig.outcomes(family)).containsExactly(Outcome.ROTATED);
    assertThat(rig.ledger().liveLeaf(family.id()))
        .isPresent()
        .isNotEqualTo(Optional.of(family.refreshToken()));
    assertThat(rig.talk().refresh(family.refreshToken()).statusCode()).isEqualTo(400);
    assertThat(rig.ledger().reuses()).hasSize(1);
  }

  @Test
  void doesNotConsumeTheTokenOfACallThatAFaultStruckFirst() throws Exception {
    rig.switches().fault(Endpoint.TOKEN, Fault.error(503, "temporarily").times(2));
    rig.switches().fault(Endpoint.TOKEN, Fault.tooManyRequests("30").times(1));
    NewFamily family = rig.newFamily();

    assertThat(rig.talk().refresh(family.refreshToken()).statusCode()).isEqualTo(503);
    assertThat(rig.talk().refresh(family.refreshToken()).statusCode()).isEqualTo(503);
    HttpResponse<String> throttled = rig.talk().refresh(family.refreshToken());
    assertThat(throttled.statusCode()).isEqualTo(429);
    assertThat(throttled.headers().firstValue("retry-after")).contains("30");
    assertThat(rig.talk().refresh(family.refreshToken()).statusCode()).isEqualTo(200);

    assertThat(rig.ledger().reuses()).isEmpty();
    assertThat(rig.outcomes(family))
        .containsExactly(
            Outcome.NOT_PROCESSED, Outcome.NOT_PROCESSED, Outcome.NOT_PROCESSED, Outcome.ROTATED);
  }

  @Test
  void consumesTheTokenBehindABadGatewayThatIsToldTo() throws Exception {
    rig.switches().fault(Endpoint.TOKEN, Fault.error(502, "bad").processed(true).times(1));
    NewFamily family = rig.newFamily();

    assertThat(rig.talk().refresh(family.refreshToken()).statusCode()).isEqualTo(502);

    assertThat(rig.outcomes(family)).containsExactly(Outcome.ROTATED);
  }

  @Test
  void decidesAHeldCallAtTheGateWhereItIsNotProcessedBefore() throws Exception {
    var gate = new Gate();
    rig.switches().fault(Endpoint.TOKEN, Fault.held(gate).processed(false));
    NewFamily family = rig.newFamily();
    CompletableFuture<HttpResponse<String>> answer = rig.talk().refreshing(family.refreshToken());
    Await.until("the call waits", () -> gate.arrivals() == 1);
    assertThat(rig.ledger().presentations()).isEmpty();

    gate.open();

    assertThat(answer.join().statusCode()).isEqualTo(200);
    assertThat(rig.outcomes(family)).containsExactly(Outcome.ROTATED);
  }

  @Test
  void countsACallOutOfFlightWhenItsCallerLeaves() throws Exception {
    rig.switches().fault(Endpoint.TOKEN, Fault.hang());
    NewFamily family = rig.newFamily();
    var gone = rig.talk().refreshing(family.refreshToken());
    Await.until("the call hangs", () -> rig.ledger().inFlight() == 1);

    gone.cancel(true);

    Await.until("nothing is in flight", () -> rig.ledger().inFlight() == 0);
    assertThat(rig.outcomes(family)).containsExactly(Outcome.NOT_PROCESSED);
  }

  @Test
  void saysWhateverItIsToldAboutTheLifetime() throws Exception {
    NewFamily family = rig.newFamily();
    String id = family.id();
    rig.switches().change(id, b -> b.rotation(ProviderRotation.none()));

    rig.switches().change(id, b -> b.expiresIn(ExpiresIn.absent()));
    assertThat(rig.refreshed(family).containsKey("expires_in")).isFalse();
    rig.switches().change(id, b -> b.expiresIn(ExpiresIn.literal("soon")));
    assertThat(rig.refreshed(family).getValue("expires_in")).isEqualTo("soon");
    rig.switches().change(id, b -> b.expiresIn(ExpiresIn.literal(null)));
    assertThat(rig.refreshed(family).fieldNames()).contains("expires_in");
    rig.switches()
        .change(id, b -> b.lifetime(Duration.ofSeconds(60)).expiresIn(ExpiresIn.honest()));
    JsonObject honest = rig.refreshed(family);
    assertThat(honest.getInteger("expires_in")).isEqualTo(60);

    assertThat(rig.isValid(honest.getString("access_token"))).isTrue();
    rig.clock().advance(Duration.ofSeconds(60));
    assertThat(rig.isValid(honest.getString("access_token"))).isFalse();
  }

  @Test
  void leavesTokensOut() throws Exception {
    NewFamily family = rig.newFamily();
    rig.switches().change(family.id(), b -> b.omitAccessToken(true).omitRefreshToken(true));

    assertThat(rig.refreshed(family).fieldNames()).containsOnly("token_type", "expires_in");
  }

  @Test
  void answersAByteAtATime() throws Exception {
    rig.switches().fault(Endpoint.TOKEN, Fault.trickle(Duration.ofMillis(1)));
    NewFamily family = rig.newFamily();

    assertThat(rig.refreshed(family).getString("refresh_token")).isNotEmpty();

    assertThat(rig.ledger().inFlight()).isZero();
  }

  @Test
  void isDrivenOverHttp() throws Exception {
    JsonObject family =
        new JsonObject(
            rig.talk().json("POST", "/_family", new JsonObject().put("prefix", "remote")).body());
    String id = family.getString("family");
    JsonObject fault =
        new JsonObject().put("kind", "reply").put("status", 503).put("times", 1).put("body", "no");
    JsonObject control =
        new JsonObject().put("family", id).put("rotation", "grace:30000").put("fault", fault);
    assertThat(rig.talk().json("POST", "/_control", control).statusCode()).isEqualTo(204);

    assertThat(rig.talk().refresh(family.getString("refresh_token")).statusCode()).isEqualTo(503);
    assertThat(rig.talk().refresh(family.getString("refresh_token")).statusCode()).isEqualTo(200);
    assertThat(rig.talk().refresh(family.getString("refresh_token")).statusCode()).isEqualTo(200);

    JsonObject ledger =
        new JsonObject(rig.talk().get(rig.provider().url() + "/_ledger?family=" + id).body());
    assertThat(ledger.getJsonObject("calls").getInteger("token")).isEqualTo(3);
    assertThat(ledger.getInteger("reuses")).isEqualTo(1);
    assertThat(ledger.getJsonArray("families").getJsonObject(0).getJsonArray("presentations"))
        .extracting(p -> ((JsonObject) p).getString("outcome"))
        .containsExactly("not_processed", "rotated", "forgiven");
    assertThat(
            rig.talk()
                .json("POST", "/_control", new JsonObject().put("rotatoin", "none"))
                .statusCode())
        .isEqualTo(400);
  }
}
