package dev.evertoken.http;

import static dev.evertoken.http.ImportSamples.IMPORT;
import static dev.evertoken.http.ImportSamples.REHEARSAL;
import static dev.evertoken.http.ImportSamples.outcomes;
import static dev.evertoken.http.ImportSamples.pointer;
import static dev.evertoken.http.ImportSamples.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.http.ApiRig.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that other programs wrote, on a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ForeignImportTest {

  private static final List<String> FOREIGN =
      List.of(
          "codex-auth",
          "codex-key",
          "claude-code",
          "gemini-cli",
          "cliproxy-codex",
          "cliproxy-claude",
          "cliproxy-gemini",
          "cliproxy-antigravity");

  private final ApiRig rig = new ApiRig("acme", "openai", "anthropic", "gemini", "antigravity");

  @AfterAll
  void stop() {
    rig.close();
  }

  private static String file(String name) {
    try (var in = ForeignImportTest.class.getResourceAsStream("/import/" + name + ".json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private JsonObject account(Answer imported) {
    return rig.get("/v1/accounts/" + result(imported, 0).getLong("account")).json();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "codex-auth | openai | codex@example.org | oauth | 2099-01-01T00:00:00Z | active",
        "codex-key | openai | codex | upstream | none | active",
        "claude-code | anthropic | claude-code | oauth | 2099-01-01T00:00:00Z | active",
        "gemini-cli | gemini | gemini@example.org | oauth | 2099-01-01T00:00:00Z | active",
        "cliproxy-codex | openai | cp-codex@example.org | oauth | 2099-01-01T00:00:00Z | active",
        "cliproxy-claude | anthropic | cp-claude@example.org | oauth | 2099-01-01T00:00:00Z"
            + " | disabled",
        "cliproxy-gemini | gemini | cp-gemini@example.org | oauth | 2099-01-01T00:00:00Z | active",
        "cliproxy-antigravity | antigravity | cp-ag@example.org | oauth | 2099-01-01T00:00:00Z"
            + " | active"
      })
  void theCredentialFileOfAnotherProgramIsAnAccount(
      String name, String platform, String called, String type, String expiresAt, String status) {
    Answer imported = rig.post(IMPORT, file("foreign/" + name));

    JsonObject account = account(imported);
    assertThat(account.getString("platform")).isEqualTo(platform);
    assertThat(account.getString("name")).isEqualTo(called);
    assertThat(account.getString("type")).isEqualTo(type);
    assertThat(account.getString("status")).isEqualTo(status);
    if (expiresAt != null) {
      assertThat(account.getString("expires_at")).isLessThanOrEqualTo(expiresAt).startsWith("209");
    }
    assertThat(outcomes(rig.post(IMPORT, file("foreign/" + name)))).containsExactly("updated");
  }

  @Test
  void theProxyAndTheProjectOfAForeignFileAreKeptAndTheRestIsTold() {
    Answer imported = rig.post(IMPORT, file("foreign/cliproxy-antigravity"));

    JsonObject account = account(imported);
    assertThat(account.getString("project_id")).isEqualTo("proj-a");
    assertThat(rig.get("/v1/proxies/" + account.getLong("proxy_id")).json().getString("url"))
        .isEqualTo("socks5://127.0.0.1:1099");
    assertThat(result(imported, 0).getJsonArray("ignored"))
        .containsExactlyInAnyOrder("/expires_in", "/timestamp");
    assertThat(
            result(rig.post(REHEARSAL, file("foreign/cliproxy-gemini")), 0).getJsonArray("ignored"))
        .contains("/auto", "/token/client_secret");
  }

  @Test
  void theyComeAsLinesAndInAListToo() {
    List<String> files = FOREIGN.stream().map(name -> file("foreign/" + name)).toList();
    String lines = String.join("\n", files.stream().map(one -> one.replace("\n", "")).toList());

    List<String> known = FOREIGN.stream().map(name -> "created").toList();
    assertThat(outcomes(rig.post(REHEARSAL, "[" + String.join(",\n", files) + "]")))
        .hasSameSizeAs(known)
        .isSubsetOf("created", "updated");
    assertThat(outcomes(rig.post(REHEARSAL, lines)))
        .hasSameSizeAs(known)
        .isSubsetOf("created", "updated");
    assertThat(outcomes(rig.post(IMPORT, "[]"))).isEmpty();
  }

  @Test
  void aPlatformWithoutTemplateIsAnsweredWithThoseThatAreKnown() {
    JsonObject refused = result(rig.post(IMPORT, file("foreign/cliproxy-qwen")), 0);

    assertThat(refused.getString("outcome")).isEqualTo("failed");
    assertThat(pointer(refused)).isEqualTo("/platform");
    assertThat(refused.encode()).contains("One of ").doesNotContain("qwen");
  }

  @ParameterizedTest
  @ValueSource(strings = {"blank-fields", "setup-token", "half-surrogate-in-notes"})
  void theCasesOfRealUsersAreCreated(String name) {
    Answer imported = rig.post(IMPORT, file(name));

    assertThat(outcomes(imported)).isNotEmpty().containsOnly("created");
    assertThat(account(imported).getString("type")).isEqualTo("oauth");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"notes\":\"\\ud83d\"",
        "\"notes\":\"\\u0000\"",
        "\"no\\udc00tes\":1",
        "\"notes\":1,\"notes\":2",
        "\"notes\":{\"a\":1,\"a\":2}",
        "\"notes\":1e999999",
        "\"notes\":NUMBER",
        "\"notes\":DEEP",
        "\"concurrency\":\"many\"",
        "\"platform\":\"acme\"",
        "\"priority\":\" 7 \"",
        "\"priority\":7.0",
        "\"priority\":\"\"",
        "\"proxy_key\":\"\"",
        "\"proxy\":null",
        "\"status\":\"\"",
        "\"type\":\"\"",
        "\"paused\":\"false\"",
        "\"id\":\"17\"",
        "\"expires_at\":[]"
      })
  void whatIsOddButMeansNothingIsNoReasonToRefuse(String odd) {
    String name = "odd-" + Integer.toHexString(odd.hashCode());
    String field =
        odd.replace("NUMBER", "9".repeat(5000)).replace("DEEP", "[".repeat(500) + "]".repeat(500));
    String entry =
        """
        {"name":"%s","platform":"acme",%s,
         "credentials":{"refresh_token":"canary-%s","expires_at":"4070908800","email":" "}}
        """
            .formatted(name, field, name);

    assertThat(outcomes(rig.post(IMPORT, "{\"version\":[],\"accounts\":[" + entry + "]}")))
        .containsExactly("created");
    assertThat(outcomes(rig.post(REHEARSAL, entry.replace("\n", " ")))).containsExactly("updated");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"name\":\"\\ud83d\" | /name",
        "\"name\":\"one\",\"name\":\"two\" | /name",
        "\"name\":\"n\",\"priority\":\"first\" | /priority",
        "\"name\":\"n\",\"priority\":\"-1\" | /priority",
        "\"name\":\"\" | /name"
      })
  void anOddFieldThatIsReadConcernsItsAccountAlone(String odd, String pointer) {
    String entry = "{%s,\"platform\":\"acme\",\"credentials\":{\"refresh_token\":\"canary-%s\"}}";

    Answer answer =
        rig.post(
            REHEARSAL,
            new JsonObject()
                .put("accounts", new JsonArray())
                .encode()
                .replace("[]", "[%s,%s]")
                .formatted(
                    entry.formatted(odd, "odd"), entry.formatted("\"name\":\"fine\"", "fine")));

    assertThat(outcomes(answer)).containsExactly("failed", "created");
    assertThat(pointer(result(answer, 0))).isEqualTo(pointer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
  void whatAShellOfWindowsWritesIsRead(String charset) throws Exception {
    byte[] bytes = ("\uFEFF" + file("setup-token")).getBytes(Charset.forName(charset));

    assertThat(rig.postBytes(REHEARSAL, bytes).status()).isEqualTo(200);
  }

  @Test
  void oneByteThatIsNoUtf8InANoteIsNoReasonToRefuse() throws Exception {
    byte[] bytes =
        file("setup-token")
            .replace("\"oauth", "\"x\":\"\u00e4\",\"oauth")
            .replace("{\n   \"name\"", "{\"notes\":\"caf\u00e9\",\"name\"")
            .getBytes(StandardCharsets.ISO_8859_1);

    Answer answer = rig.postBytes(REHEARSAL, bytes);

    assertThat(outcomes(answer)).isSubsetOf("created", "updated");
    assertThat(answer.json().getInteger("failed")).isZero();
  }
}
