package dev.evertoken.http;

import static dev.evertoken.http.ImportSamples.IMPORT;
import static dev.evertoken.http.ImportSamples.REHEARSAL;
import static dev.evertoken.http.ImportSamples.line;
import static dev.evertoken.http.ImportSamples.outcomes;
import static dev.evertoken.http.ImportSamples.result;
import static dev.evertoken.http.ImportSamples.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.http.ApiRig.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Accounts taken in by the file, on a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ImportTest {

  private final ApiRig rig = new ApiRig();

  @AfterAll
  void stop() {
    rig.close();
  }

  private Answer lines(String path, String... lines) {
    return ImportSamples.lines(rig, path, lines);
  }

  private JsonObject named(String name) {
    JsonArray items =
        rig.get("/v1/accounts?name=" + name.replace(" ", "+")).json().getJsonArray("items");
    assertThat(items).hasSize(1);
    return items.getJsonObject(0);
  }

  private static String sub2api() {
    try (var in = ImportTest.class.getResourceAsStream("/accounts/sub2api.json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatSub2apiGivesOutIsTakenInAndTheSecondTimeNothingChanges() {
    Answer rehearsed = rig.post(REHEARSAL, sub2api());
    assertThat(outcomes(rehearsed)).containsExactly("created", "created", "created");
    assertThat(rehearsed.json().getBoolean("dry_run")).isTrue();
    assertThat(rig.get("/v1/accounts?name=key+of+sub2api").json().getJsonArray("items")).isEmpty();
    assertThat(rig.get("/v1/proxies").response().body()).doesNotContain("px-user");

    Answer taken = rig.post(IMPORT, sub2api());

    assertThat(outcomes(taken)).containsExactly("created", "created", "created");
    assertThat(result(taken, 0).getJsonArray("ignored"))
        .contains("/notes", "/extra", "/concurrency", "/credentials/_token_version");
    JsonObject first = named("first of sub2api");
    long proxy = taken.json().getJsonArray("proxies").getJsonObject(0).getLong("proxy");
    assertThat(first.getLong("proxy_id")).isEqualTo(proxy);
    assertThat(first.getInteger("priority")).isEqualTo(40);
    assertThat(first.getString("project_id")).isEqualTo("proj-1");
    assertThat(first.getString("expires_at")).isEqualTo("2099-01-01T00:00:00Z");
    assertThat(rig.get("/v1/proxies/" + proxy).json().getString("url"))
        .isEqualTo("socks5://px-user@127.0.0.1:1090");
    assertThat(named("second of sub2api").getString("expires_at"))
        .isEqualTo("2099-01-01T00:00:00Z");
    JsonObject key = named("key of sub2api");
    assertThat(key.getString("type")).isEqualTo("upstream");
    assertThat(
            rig.get("/v1/accounts/" + key.getLong("id") + "/token")
                .json()
                .getString("access_token"))
        .isEqualTo("canary-ak-sub-3");

    Answer again =
        rig.post(IMPORT, "{\"code\":0,\"message\":\"success\",\"data\":" + sub2api() + "}");
    assertThat(outcomes(again)).containsExactly("updated", "updated", "updated");
    for (int i = 0; i < 3; i++) {
      assertThat(result(again, i).getJsonArray("changed")).isEmpty();
      assertThat(result(again, i).getLong("account"))
          .isEqualTo(result(taken, i).getLong("account"));
    }
    assertThat(again.json().getJsonArray("proxies").getJsonObject(0).getString("outcome"))
        .isEqualTo("found");
    assertThat(named("first of sub2api")).isEqualTo(first);
    assertThat(rig.ports.audited).noneMatch(line -> line.contains("canary"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"accounts\":[%s]}",
        "{\"data\":{\"accounts\":[%s]}}",
        "{\"code\":0,\"data\":{\"type\":\"x\",\"accounts\":[%s]}}",
        "{\n \"version\": 7,\n \"accounts\": [\n%s]}",
        "\uFEFF{\"accounts\":[%s]}",
        "%s",
        "\uFEFF%s\r\n\r\n"
      })
  void theFormIsToldByTheStructure(String form) {
    String name = "form-" + Integer.toHexString(form.hashCode());
    Answer answer = rig.post(IMPORT, form.formatted(line(name, token(name))));
    assertThat(outcomes(answer)).containsExactly("created");
    assertThat(result(answer, 0).fieldNames())
        .contains(form.contains("accounts") ? "index" : "line");
  }

  @Test
  @DisplayName("93 an import of a refresh token that an account holds updates that account")
  void anAccountThatIsThereIsUpdated() {
    long holder = rig.healthy("held");
    String entry =
        """
        {"name":"renamed by file","platform":"sample","priority":3,"pools":["red","sample"],
        "credentials":{"refresh_token":"canary-rt-of-held","project_id":"p-new"}}
        """
            .replace("\n", "");
    Answer rehearsed = lines(REHEARSAL, entry);
    assertThat(result(rehearsed, 0).getJsonArray("changed"))
        .isEqualTo(JsonArray.of("name", "priority", "pools", "project_id"));
    assertThat(rig.get("/v1/accounts/" + holder).json().getString("name")).isEqualTo("held");

    Answer answer = lines(IMPORT, entry, entry);

    assertThat(outcomes(answer)).containsExactly("updated", "skipped");
    assertThat(result(answer, 0).getLong("account")).isEqualTo(holder);
    assertThat(result(answer, 1).getString("note")).isEqualTo("It is the same account as line 1.");
    JsonObject after = named("renamed by file");
    assertThat(after.getLong("id")).isEqualTo(holder);
    assertThat(after.getInteger("priority")).isEqualTo(3);
    assertThat(after.getJsonArray("pools")).isEqualTo(JsonArray.of("red"));
    assertThat(after.getLong("generation")).isEqualTo(1);
  }

  @Test
  @DisplayName("93 many imports of one file at once make one account of each refresh token")
  void importsAtOnceMakeOneAccount() {
    String file =
        IntStream.range(0, 20)
            .mapToObj(i -> line("at-once-" + i, token("at-once-" + i)))
            .collect(Collectors.joining("\n"));
    List<Answer> answers =
        IntStream.range(0, 4).parallel().mapToObj(i -> lines(IMPORT, file)).toList();
    long created = 0;
    for (Answer answer : answers) {
      assertThat(answer.json().getInteger("failed")).as(answer.response().body()).isZero();
      created += answer.json().getInteger("created");
    }
    assertThat(created).isEqualTo(20);
    assertThat(named("at-once-7").getString("name")).isEqualTo("at-once-7");
  }

  @Test
  void importsAtOnceMakeOneProxy() {
    String file =
        line("by-proxy", token("by-proxy"))
            .replace(
                "{\"name\"", "{\"proxy\":{\"url\":\"http://u:canary-px@127.0.0.1:3997\"},\"name\"");
    List<Answer> answers =
        IntStream.range(0, 8).parallel().mapToObj(i -> lines(IMPORT, file)).toList();
    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThat(answer.json().getInteger("failed"))
                    .as(answer.response().body())
                    .isZero());
    assertThat(rig.get("/v1/proxies?limit=500").json().getJsonArray("items"))
        .filteredOn(proxy -> proxy.toString().contains(":3997"))
        .hasSize(1);
  }

  @Test
  @DisplayName("96 export, refresh, import: the spent refresh token is refused, the live one stays")
  void aSpentRefreshTokenIsRefused() {
    long id = rig.healthy("rotated");
    String export = rig.get("/v1/accounts/export?secrets=true&name=rotated").response().body();
    assertThat(export).contains("canary-rt-of-rotated");
    assertThat(rig.call("POST", "/v1/accounts/" + id + "/refresh", null).status()).isEqualTo(200);
    JsonObject live = rig.get("/v1/accounts/" + id + "/token").json();

    for (String path : List.of(REHEARSAL, IMPORT)) {
      Answer answer = rig.post(path, export);
      assertThat(outcomes(answer)).containsExactly("failed");
      assertThat(result(answer, 0).getJsonObject("problem").getString("code"))
          .isEqualTo("conflict");
      assertThat(result(answer, 0).getJsonObject("problem").getString("detail")).contains("spent");
    }

    JsonObject after = rig.get("/v1/accounts/" + id + "/token").json();
    assertThat(after.getString("access_token")).isEqualTo(live.getString("access_token"));
    assertThat(after.getLong("generation")).isEqualTo(live.getLong("generation"));
    named("rotated");
  }

  @Test
  void anAccessTokenIsTakenOnlyIfItLivesLongerThanTheOneThatIsThere() {
    long id = rig.healthy("forward");
    long held = rig.time.instant().plusSeconds(2400).getEpochSecond();
    String entry =
        "{\"refresh_token\":\"canary-rt-of-forward\",\"access_token\":\"%s\",\"expires_at\":%d}";
    lines(IMPORT, line("forward", entry.formatted("canary-older", held - 600)));
    assertThat(rig.get("/v1/accounts/" + id + "/token").json().getString("access_token"))
        .isEqualTo("canary-at-of-forward");
    lines(IMPORT, line("forward", entry.formatted("canary-newer", held + 600)));
    assertThat(rig.get("/v1/accounts/" + id + "/token").json().getString("access_token"))
        .isEqualTo("canary-newer");
  }

  @Test
  @DisplayName("82 an import by a limited key stays inside its pools and names nobody outside")
  void aLimitedKeyStaysInside() {
    rig.account("outside", token("outside"));
    Secret key = rig.key(Set.of(Scope.ACCOUNTS_WRITE), Set.of("mine"), Set.of());
    String file =
        String.join(
            "\n",
            line("lim-1", token("lim-1")),
            line("lim-2", token("outside")),
            line("lim-3", token("lim-3")).replace("{\"name\"", "{\"pools\":[\"theirs\"],\"name\""),
            line("lim-4", token("lim-4"))
                .replace("{\"name\"", "{\"proxy\":{\"url\":\"http://127.0.0.1:1\"},\"name\""));
    Answer without = rig.callAs(key, "POST", IMPORT, file);
    assertThat(outcomes(without)).containsExactly("failed", "failed", "failed", "failed");

    Answer answer = rig.callAs(key, "POST", IMPORT + "?pool=mine", file);

    assertThat(outcomes(answer)).containsExactly("created", "failed", "failed", "failed");
    assertThat(named("lim-1").getJsonArray("pools")).isEqualTo(JsonArray.of("mine"));
    assertThat(result(answer, 1).getJsonObject("problem").getString("code")).isEqualTo("conflict");
    assertThat(result(answer, 1).getValue("account")).isNull();
    assertThat(result(answer, 2).getJsonObject("problem").getString("code")).isEqualTo("forbidden");
    assertThat(rig.get("/v1/accounts?name=lim-4").json().getJsonArray("items")).isEmpty();
  }
}
