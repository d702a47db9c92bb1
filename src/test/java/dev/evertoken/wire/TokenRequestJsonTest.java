package dev.evertoken.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.Problem.FieldError;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.domain.TokenRequest;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenRequestJsonTest {

  @Test
  void readsEveryOptionOfAPool() {
    TokenRequest request =
        TokenRequestJson.body(
            new JsonObject(
                """
                {"pool":"antigravity","min_ttl":60,"max_wait_ms":0,"if_generation_not":12,
                 "platform":"antigravity","include_benched":true,"exclude":[7,8],"session":"s"}
                """));

    assertThat(request)
        .isEqualTo(
            new TokenRequest.OfPool(
                "antigravity",
                new TokenOptions(
                    Duration.ofMinutes(1),
                    Duration.ZERO,
                    12L,
                    "antigravity",
                    true,
                    Set.of(7L, 8L),
                    "s")));
  }

  @Test
  void takesNullAsNotGiven() {
    JsonObject body =
        new JsonObject("{\"account\":7,\"pool\":null,\"min_ttl\":null,\"exclude\":null}");

    assertThat(TokenRequestJson.body(body))
        .isEqualTo(new TokenRequest.OfAccount(7, TokenOptions.NONE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                            | 400 | /account",
        "{\"account\":7,\"pool\":\"a\"}                | 400 | /pool",
        "{\"account\":\"7\"}                           | 400 | /account",
        "{\"account\":7.0}                             | 400 | /account",
        "{\"account\":0}                               | 422 | /account",
        "{\"account\":99999999999999999999}            | 422 | /account",
        "{\"pool\":7}                                  | 400 | /pool",
        "{\"pool\":\" \"}                              | 422 | /pool",
        "{\"account\":7,\"min_ttl\":-1}                | 422 | /min_ttl",
        "{\"account\":7,\"min_ttl\":1.5}               | 400 | /min_ttl",
        "{\"account\":7,\"min_ttl\":1e18}              | 400 | /min_ttl",
        "{\"account\":7,\"min_ttl\":1000000000000000}  | 422 | /min_ttl",
        "{\"account\":7,\"max_wait_ms\":30001}         | 422 | /max_wait_ms",
        "{\"account\":7,\"max_wait_ms\":true}          | 400 | /max_wait_ms",
        "{\"account\":7,\"include_benched\":\"true\"}  | 400 | /include_benched",
        "{\"account\":7,\"exclude\":[8]}               | 400 | /exclude",
        "{\"account\":7,\"session\":\"s\"}             | 400 | /session",
        "{\"pool\":\"a\",\"exclude\":7}                | 400 | /exclude",
        "{\"pool\":\"a\",\"exclude\":[\"7\"]}          | 400 | /exclude/0",
        "{\"pool\":\"a\",\"exclude\":[7,null]}         | 400 | /exclude/1",
        "{\"account\":7,\"a/b~c\":1}                   | 400 | /a~1b~0c",
      })
  void pointsToTheWrongField(String body, int status, String pointer) {
    Problem problem = refusal(() -> TokenRequestJson.body(new JsonObject(body)));

    assertThat(problem.code().status()).isEqualTo(status);
    assertThat(problem.errors()).extracting(FieldError::pointer).containsExactly(pointer);
  }

  @Test
  void tellsEverythingThatIsWrongAtOnce() {
    JsonObject body = new JsonObject("{\"account\":true,\"min_ttl\":\"x\",\"surplus\":{}}");

    assertThat(refusal(() -> TokenRequestJson.body(body)).errors())
        .extracting(FieldError::pointer)
        .containsExactly("/account", "/min_ttl", "/surplus");
  }

  @Test
  void readsTheSameOptionsFromAQuery() {
    MultiMap query =
        MultiMap.caseInsensitiveMultiMap().add("min_ttl", "60").add("include_benched", "false");

    assertThat(TokenRequestJson.query(7, query).options().minTtl())
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(TokenRequestJson.query(7, query).options().includeBenched()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"min_ttl,-1,422", "min_ttl,NaN,400", "min_ttl,,400", "session,x,400", "pool,a,400"})
  void pointsIntoTheQuery(String name, String value, int status) {
    MultiMap query = MultiMap.caseInsensitiveMultiMap().add(name, value == null ? "" : value);

    Problem problem = refusal(() -> TokenRequestJson.query(7, query));

    assertThat(problem.code().status()).isEqualTo(status);
    assertThat(problem.errors()).extracting(FieldError::pointer).containsExactly("?" + name);
  }

  @Test
  void refusesARepeatedParameter() {
    MultiMap query = MultiMap.caseInsensitiveMultiMap().add("min_ttl", "1").add("min_ttl", "2");

    Problem problem = refusal(() -> TokenRequestJson.query(7, query));

    assertThat(problem.code().status()).isEqualTo(400);
    assertThat(problem.errors()).extracting(FieldError::pointer).containsExactly("?min_ttl");
  }

  private static Problem refusal(Runnable reading) {
    return catchThrowableOfType(ProblemException.class, reading::run).problem();
  }
}
