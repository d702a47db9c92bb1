package dev.evertoken.http;

import static dev.evertoken.http.ImportSamples.IMPORT;
import static dev.evertoken.http.ImportSamples.REHEARSAL;
import static dev.evertoken.http.ImportSamples.line;
import static dev.evertoken.http.ImportSamples.lines;
import static dev.evertoken.http.ImportSamples.outcomes;
import static dev.evertoken.http.ImportSamples.pointer;
import static dev.evertoken.http.ImportSamples.result;
import static dev.evertoken.http.ImportSamples.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.http.ApiRig.Answer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of accounts that are wrong in whole or in part, on a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadImportsTest {

  private final ApiRig rig = new ApiRig();

  @AfterAll
  void stop() {
    rig.close();
  }

  @Test
  void aBadLineFailsAloneAndIsNamed() {
    Answer answer =
        lines(
            rig,
            IMPORT,
            line("good-1", token("good-1")),
            "",
            "{\"name\":",
            "[]",
            "{\"name\":\"a\",\"name\":\"b\"}",
            line("bad-platform", token("x")).replace("sample", "nowhere"),
            line("bad-key", "{\"api_key\":\"canary\"}"),
            line("bad-secret", "{\"refresh_token\":\"canary\\u0001\"}"),
            line("bad-long", "{\"refresh_token\":\"" + "c".repeat(16 * 1024 + 1) + "\"}"),
            line("bad-magic", token("y")).replace("{\"name\"", "{\"type\":\"magic\",\"name\""),
            line("\\u0007", token("z")),
            "{\"platform\":\"sample\"}",
            line("good-2", token("good-2")) + "\r");
    assertThat(answer.json().getInteger("failed")).isEqualTo(10);
    assertThat(
            answer.json().getJsonArray("results").stream()
                .map(JsonObject.class::cast)
                .map(one -> one.getInteger("line") + one.getString("outcome") + pointer(one)))
        .containsExactly(
            "1created",
            "3failed",
            "4failed",
            "5failed/name",
            "6failed/platform",
            "7failed/credentials/api_key",
            "8failed/credentials/refresh_token",
            "9failed/credentials/refresh_token",
            "10failed/type",
            "11failed/name",
            "12failed/name",
            "13created");
    assertThat(answer.response().body()).doesNotContain("canary");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"proxy_key\":\"canary-nowhere\" | /proxy_key",
        "\"proxy_key\":\"canary-broken\" | /proxy",
        "\"proxy\":{\"url\":\"ftp://u:canary@127.0.0.1:1\"} | /proxy/url",
        "\"proxy\":{\"id\":7} | /proxy/url",
        "\"proxy_id\":99999 | /proxy_id"
      })
  void withoutItsProxyNoAccountIsTakenIn(String proxy, String pointer) {
    String file =
        """
        {"proxies":[{"proxy_key":"canary-broken","protocol":"ftp","host":"h","port":1}],
         "accounts":[{"name":"unsafe","platform":"sample",%s,
           "credentials":{"refresh_token":"canary-rt-of-unsafe"}}]}
        """
            .formatted(proxy);
    for (String path : List.of(REHEARSAL, IMPORT)) {
      Answer answer = rig.post(path, file);
      assertThat(outcomes(answer)).containsExactly("failed");
      assertThat(pointer(result(answer, 0))).isEqualTo(pointer);
    }
    assertThat(rig.get("/v1/accounts?name=unsafe").json().getJsonArray("items")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 422 | /accounts",
        "{\"accounts\":7} | 422 | /accounts",
        "{\"code\":1,\"message\":\"canary\"} | 422 | /accounts",
        "7 | 400 | ''",
        "{\"name\":\"x\"} | 422 | /accounts",
        "canary | 400 | ''",
        "{\"accounts\":[]} {} | 400 | ''"
      })
  void whatIsNoFileOfAccountsIsRefusedWhole(String body, int status, String pointer) {
    String padded =
        body.replace("{}", "{\n}")
            .replace("7}", "7\n}")
            .replace("1,", "1,\n")
            .replace("x\"}", "x\"\n}");
    Answer answer = rig.post(IMPORT, padded);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.response().body()).doesNotContain("canary");
    assertThat(answer.json().getJsonArray("errors").getJsonObject(0).getString("pointer"))
        .isEqualTo(pointer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?dry_run=maybe", "?pool=A+B", "?dry_run=true&dry_run=true", "?more=1"})
  void aQueryThatMeansNothingIsRefused(String query) {
    Answer answer = rig.post(IMPORT + query, "{\"accounts\":[]}");
    assertThat(answer.status()).isIn(400, 422);
  }

  @Test
  void aFileOfManyAccountsIsTakenInAndOneOfTooManyIsNot() {
    String many =
        IntStream.range(0, 600)
            .mapToObj(i -> line("=cmd()-" + i, token("many-" + i)))
            .collect(Collectors.joining("\n"));
    Answer taken = lines(rig, IMPORT, many);
    assertThat(taken.json().getInteger("created")).as(taken.response().body()).isEqualTo(600);
    assertThat(lines(rig, IMPORT, many).json().getInteger("updated")).isEqualTo(600);
    assertThat(lines(rig, IMPORT, "{}\n".repeat(10_001)).status()).isEqualTo(422);
    assertThat(lines(rig, IMPORT, "{}\n".repeat(10_000)).json().getInteger("failed"))
        .isEqualTo(10_000);
  }

  @Test
  void aFileOfMoreThanSixteenMebibytesOrOfAnotherTypeIsRefused() {
    RawHttp http = new RawHttp(rig.port);
    String head =
        "POST /v1/accounts/import HTTP/1.1\r\nHost: x\r\n"
            + "Authorization: Bearer "
            + ApiRig.ADMIN_KEY.reveal()
            + "\r\n";
    RawHttp.Answer large =
        http.send(head + "Content-Type: application/json\r\nContent-Length: 16777217\r\n\r\n");
    assertThat(large.status()).isEqualTo(413);
    RawHttp.Answer csv = http.send(head + "Content-Type: text/csv\r\nContent-Length: 3\r\n\r\na,b");
    assertThat(csv.status()).isEqualTo(415);
    assertThat(rig.call("POST", IMPORT, null).status()).isEqualTo(400);
  }

  @Test
  void anEntryWithoutCredentialsIsSkipped() {
    Answer answer = lines(rig, IMPORT, line("bare", "{\"email\":\"a@b\"}"), line("bare-2", "{}"));
    assertThat(outcomes(answer)).containsExactly("skipped", "skipped");
  }
}
