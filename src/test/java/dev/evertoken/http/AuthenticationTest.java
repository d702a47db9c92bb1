package dev.evertoken.http;

import static dev.evertoken.http.HttpRig.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.http.RawHttp.Answer;
import dev.evertoken.rig.Await;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, over HTTP. */
final class AuthenticationTest {

  @AutoClose private final HttpRig rig = new HttpRig();

  private static String bearing(Secret key) {
    return "Authorization: Bearer " + key.reveal() + "\r\n";
  }

  @Test
  void theAdminKeyOpensEverythingAndAsksNoDatabase() {
    rig.keys.down(true);
    assertThat(rig.http.get("/v1/things", AUTHORIZED).body()).isEqualTo("{\"said\":\"key:admin\"}");
    assertThat(rig.keys.asked).hasValue(0);
  }

  @Test
  void aKeyOpensWhatItsScopeSays() {
    Secret key = rig.keys.with(Scope.ACCOUNTS_READ);
    assertThat(rig.http.get("/v1/things", bearing(key)).body()).isEqualTo("{\"said\":\"key:1\"}");
  }

  @Test
  void withoutAKeyThereIsAPlainChallenge() {
    Answer answer = rig.http.get("/v1/things", "");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.says("www-authenticate: Bearer realm=\"evertoken\"")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer evt_1_canary-wrong",
        "Bearer evt_99_canary-key-99",
        "Bearer evt_1_",
        "Bearer evt__canary",
        "Bearer evt_01_canary-key-1",
        "Bearer canary",
        "Bearer "
      })
  void aWrongKeyIsAnInvalidToken(String authorization) {
    rig.keys.with(Scope.ADMIN);
    Answer answer = rig.http.get("/v1/things", "Authorization: " + authorization + "\r\n");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.says("www-authenticate: Bearer realm=\"evertoken\", error=\"invalid_token\""))
        .isTrue();
    assertThat(answer.body()).doesNotContain("canary");
  }

  @Test
  void aKeyWithoutTheScopeIs403AndToldWhichItIs() {
    Secret key = rig.keys.with(Scope.TOKEN_READ);
    Answer answer = rig.http.get("/v1/things", bearing(key));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.head()).contains("error=\"insufficient_scope\", scope=\"accounts:read\"");
  }

  @Test
  void aKeyInTheQueryIsNoKey() {
    Secret key = rig.keys.with(Scope.ADMIN);
    Answer answer = rig.http.get("/v1/things?access_token=" + key.reveal(), "");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).doesNotContain("canary");
  }

  @Test
  void twoAuthorizationHeadersAre400() {
    assertThat(rig.http.get("/v1/things", AUTHORIZED + AUTHORIZED).status()).isEqualTo(400);
  }

  @Test
  void anotherSchemeIs401() {
    assertThat(rig.http.get("/v1/things", "Authorization: Basic YTpi\r\n").status()).isEqualTo(401);
  }

  @Test
  void theSchemeIsReadInAnyCase() {
    assertThat(rig.http.get("/v1/things", AUTHORIZED.replace("Bearer", "bearer")).status())
        .isEqualTo(200);
  }

  @Test
  void theStorageBeingDownIs503ForAKeyThatIsNotKnownYet() {
    Secret key = rig.keys.with(Scope.ADMIN);
    rig.keys.down(true);
    Answer answer = rig.http.get("/v1/things", bearing(key));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("storage_unavailable");
  }

  @Test
  void whileDrainingNewRequestsAreRefusedAndThoseBegunAreAnswered() {
    try (RawHttp.Conversation begun = rig.http.open()) {
      begun.write("GET /v1/waiting HTTP/1.1\r\nHost: x\r\n" + AUTHORIZED + "\r\n");
      Await.until("the request is being answered", rig.reached::get);
      var drained = rig.api.drain();
      Answer refused = rig.http.get("/open", "");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.body()).contains("shutting_down");
      assertThat(refused.says("connection: close")).isTrue();
      assertThat(drained.isComplete()).isFalse();
      rig.waiting.complete(Reply.noContent());
      assertThat(begun.answer().status()).isEqualTo(204);
      Await.until("everything is answered", drained::succeeded);
    }
  }
}
