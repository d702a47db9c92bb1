package dev.evertoken.dev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Presentation.Outcome;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ProviderEndpointsTest {
  @RegisterExtension private final RunningProvider rig = new RunningProvider();

  @Test
  void provesItsClients() throws Exception {
    NewFamily family = rig.newFamily();
    rig.switches().change(b -> b.rotation(ProviderRotation.none()));
    rig.provider().clients().accept("other:id", "s+cret/ä");
    Map<String, String> form =
        Map.of("grant_type", "refresh_token", "refresh_token", family.refreshToken());

    HttpResponse<String> nobody = rig.talk().post(Endpoint.TOKEN, form, Map.of());
    HttpResponse<String> basic =
        rig.talk()
            .post(
                Endpoint.TOKEN,
                form,
                Map.of("authorization", ProviderTalk.basic("other:id", "s+cret/ä")));
    rig.provider().clients().refuse(ProviderClients.DEFAULT_ID);
    HttpResponse<String> refused = rig.talk().refresh(family.refreshToken());

    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(new JsonObject(nobody.body()).getString("error")).isEqualTo("invalid_client");
    assertThat(basic.statusCode()).isEqualTo(200);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(rig.outcomes(family)).containsExactly(Outcome.KEPT);
  }

  @Test
  void exchangesACodeOnceAndOnlyWithItsVerifier() throws Exception {
    String verifier = "a-verifier-of-forty-three-characters-or-more-0123";
    String location =
        rig.talk()
            .get(
                rig.provider().url(Endpoint.AUTHORIZE)
                    + "?response_type=code&code_challenge_method=S256&state=st&client_id="
                    + ProviderClients.DEFAULT_ID
                    + "&code_challenge="
                    + sha256(verifier)
                    + "&redirect_uri="
                    + ProviderTalk.encoded("http://127.0.0.1/callback"))
            .headers()
            .firstValue("location")
            .orElseThrow();
    assertThat(location).startsWith("http://127.0.0.1/callback?code=").endsWith("&state=st");
    String code = location.substring(location.indexOf("code=") + 5, location.indexOf("&state"));

    assertThat(redeem(code, verifier + "x").statusCode()).isEqualTo(400);
    JsonObject answer = new JsonObject(redeem(code, verifier).body());
    assertThat(rig.isValid(answer.getString("access_token"))).isTrue();
    assertThat(rig.talk().refresh(answer.getString("refresh_token")).statusCode()).isEqualTo(200);
    assertThat(redeem(code, verifier).statusCode()).isEqualTo(400);
    assertThat(rig.isValid(answer.getString("access_token"))).isFalse();
  }

  private static String sha256(String verifier) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  private HttpResponse<String> redeem(String code, String verifier) throws Exception {
    return rig.talk()
        .post(
            Endpoint.TOKEN,
            Map.of(
                "grant_type",
                "authorization_code",
                "code",
                code,
                "code_verifier",
                verifier,
                "redirect_uri",
                "http://127.0.0.1/callback",
                "client_id",
                ProviderClients.DEFAULT_ID,
                "client_secret",
                ProviderClients.DEFAULT_SECRET),
            Map.of());
  }

  @Test
  void revokesTheWholeFamilyAndForgivesUnknownTokens() throws Exception {
    NewFamily family = rig.newFamily();
    Map<String, String> client =
        Map.of("authorization", ProviderTalk.basic("evertoken-dev", "evertoken-dev-secret"));

    assertThat(rig.talk().post(Endpoint.REVOKE, Map.of("token", "unknown"), client).statusCode())
        .isEqualTo(200);
    assertThat(rig.ledger().liveLeaf(family.id())).isPresent();
    rig.talk().post(Endpoint.REVOKE, Map.of("token", family.refreshToken()), client);

    assertThat(rig.ledger().liveLeaf(family.id())).isEmpty();
    assertThat(rig.isValid(family.accessToken().value())).isFalse();
  }

  @Test
  void onboardsAProjectAfterSomeRounds() throws Exception {
    rig.switches()
        .change(
            b -> b.project(ProjectAnswers.READY.onboardedAfter(2).as(ProjectAnswers.Form.OBJECT)));
    NewFamily family = rig.newFamily();
    String token = family.accessToken().value();

    JsonObject loaded = new JsonObject(rig.talk().bearer(Endpoint.LOAD, token).body());
    assertThat(loaded.containsKey("cloudaicompanionProject")).isFalse();
    assertThat(loaded.getJsonArray("allowedTiers").getJsonObject(1).getBoolean("isDefault"))
        .isTrue();
    assertThat(onboarded(token).getBoolean("done")).isFalse();
    assertThat(onboarded(token).getBoolean("done")).isFalse();
    JsonObject done = onboarded(token);

    String project = SimulatedProvider.projectOf(family.id());
    assertThat(done.getJsonObject("response").getJsonObject("cloudaicompanionProject"))
        .isEqualTo(new JsonObject().put("id", project));
    rig.switches().change(b -> b.project(ProjectAnswers.READY));
    assertThat(
            new JsonObject(rig.talk().bearer(Endpoint.LOAD_DAILY, token).body())
                .getString("cloudaicompanionProject"))
        .isEqualTo(project);
    rig.clock().advance(Duration.ofHours(1));
    assertThat(rig.talk().bearer(Endpoint.LOAD, token).statusCode()).isEqualTo(401);
  }

  private JsonObject onboarded(String token) throws Exception {
    return new JsonObject(rig.talk().bearer(Endpoint.ONBOARD, token).body());
  }
}
