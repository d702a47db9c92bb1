package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.IssuedAccessToken;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.SharedServers;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What belongs to one account never reaches another, and a spent refresh token never comes back.
 */
final class TokensApartTest {

  @RegisterExtension private final Service service = new Service();

  private String familyOf(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return service.provider().ledger().accessTokens().stream()
        .filter(token -> token.value().equals(answer.token()))
        .map(IssuedAccessToken::family)
        .findFirst()
        .orElseThrow();
  }

  private static JsonObject body(String refreshToken) {
    return new JsonObject()
        .put("name", "again")
        .put("platform", "acme")
        .put("type", "oauth")
        .put("credentials", new JsonObject().put("refresh_token", refreshToken));
  }

  @Test
  @DisplayName("53 two accounts with the same project_id refresh on their own, each to its token")
  void sameProject() {
    service.start();
    NewFamily a = service.provider().newFamily();
    NewFamily b = service.provider().newFamily();
    long first = inProject(a);
    long second = inProject(b);

    CompletableFuture<Answer> one = service.talk().asking(first);
    CompletableFuture<Answer> two = service.talk().asking(second);

    assertThat(familyOf(one.join())).isEqualTo(a.id());
    assertThat(familyOf(two.join())).isEqualTo(b.id());
    assertThat(service.calls()).isEqualTo(2);
    for (int node = 0; node < 2; node++) {
      for (int i = 0; i < 3; i++) {
        assertThat(familyOf(service.talk(node).token(first))).isEqualTo(a.id());
        assertThat(familyOf(service.talk(node).token(second))).isEqualTo(b.id());
      }
    }
    assertThat(service.calls()).isEqualTo(2);
    assertThat(service.talk().post("/v1/accounts/" + first + "/refresh", null).status())
        .isEqualTo(200);
    assertThat(familyOf(service.talk(1).token(second))).isEqualTo(b.id());
  }

  private long inProject(NewFamily family) {
    return service.account(
        family, body -> body.getJsonObject("credentials").put("project_id", "one-project"));
  }

  @Test
  @DisplayName("93 a refresh token that an account holds is refused for another one, naming it")
  void sameRefreshToken() {
    NewFamily family = service.provider().newFamily();
    long first = service.account(family);
    long other = service.account(service.provider().newFamily());

    Answer created = service.talk().post("/v1/accounts", body(family.refreshToken()));
    Answer patched =
        service.talk().patch("/v1/accounts/" + other, credentials(family.refreshToken()));

    for (Answer refused : List.of(created, patched)) {
      assertThat(refused.status()).as(refused.body()).isEqualTo(409);
      assertThat(refused.code()).isEqualTo("conflict");
      assertThat(refused.json().getLong("account")).isEqualTo(first);
    }
    assertThat(service.talk().get("/v1/accounts").json().getJsonArray("items")).hasSize(2);
    assertThat(familyOf(service.talk().token(first))).isEqualTo(family.id());
  }

  @Test
  @DisplayName("93 of many at once that bring the same refresh token one is created")
  void sameRefreshTokenAtOnce() {
    service.start();
    NewFamily family = service.provider().newFamily();
    List<CompletableFuture<Answer>> asked =
        IntStream.range(0, 12)
            .mapToObj(i -> service.talk(i % 2).posting("/v1/accounts", body(family.refreshToken())))
            .toList();

    List<Answer> answers = asked.stream().map(CompletableFuture::join).toList();

    List<Answer> created = answers.stream().filter(a -> a.status() == 201).toList();
    assertThat(created).hasSize(1);
    long id = created.getFirst().json().getLong("id");
    assertThat(answers.stream().filter(a -> a.status() == 409)).hasSize(11);
    assertThat(
            answers.stream().filter(a -> a.status() == 409).map(a -> a.json().getLong("account")))
        .containsOnly(id);
    assertThat(service.talk().get("/v1/accounts").json().getJsonArray("items")).hasSize(1);
  }

  @Test
  @DisplayName("96 a spent refresh token is refused, and the live one stays")
  void spentRefreshToken() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family);
    long other = service.account(service.provider().newFamily());
    assertThat(familyOf(service.talk().token(id))).isEqualTo(family.id());

    Answer back = service.talk().patch("/v1/accounts/" + id, credentials(family.refreshToken()));
    Answer moved =
        service.talk().patch("/v1/accounts/" + other, credentials(family.refreshToken()));
    Answer created = service.talk().post("/v1/accounts", body(family.refreshToken()));

    assertThat(List.of(back.status(), moved.status(), created.status())).containsOnly(409);
    assertThat(service.talk().post("/v1/accounts/" + id + "/refresh", null).status())
        .isEqualTo(200);
    assertThat(service.talk().delete("/v1/accounts/" + id).status()).isEqualTo(204);
    assertThat(service.talk().post("/v1/accounts", body(family.refreshToken())).status())
        .as("not even after its account is gone")
        .isEqualTo(409);
    assertThat(service.provider().ledger().reuses()).isEmpty();
  }

  private static JsonObject credentials(String refreshToken) {
    return new JsonObject().put("credentials", new JsonObject().put("refresh_token", refreshToken));
  }

  @Test
  @DisplayName(
      "99 after the database was rebuilt from empty no former token is answered from Redis")
  void rebuiltDatabase() {
    NewFamily former = service.provider().newFamily();
    long id = service.account(former, Duration.ofMinutes(40));
    service.talk().token(id);

    service.with("postgres.uri", SharedServers.freshDatabase()).start();

    assertThat(service.talk(1).token(id).status()).isEqualTo(404);
    NewFamily now = service.provider().newFamily();
    Answer created = service.talk(1).post("/v1/accounts", body(now.refreshToken()));
    assertThat(created.json().getLong("id")).as("the same id again").isEqualTo(id);
    assertThat(familyOf(service.talk(1).token(id))).isEqualTo(now.id());
    assertThat(familyOf(service.talk(1).token(id))).isEqualTo(now.id());
  }
}
