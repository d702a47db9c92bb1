package dev.evertoken.http;

import static dev.evertoken.http.HttpRig.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.http.RawHttp.Answer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad inputs of HTTP and their right answers, on a real socket. */
final class BadRequestsTest {

  private static final String JSON = "Content-Type: application/json\r\n";

  @AutoClose private final HttpRig rig = new HttpRig();

  private static void assertProblem(Answer answer, int status, String code) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body())
        .contains("\"code\":\"" + code + "\"")
        .contains("\"type\":\"urn:evertoken:problem:" + code + "\"")
        .contains("\"trace_id\":\"")
        .doesNotContain("canary");
    assertThat(answer.says("content-type: application/problem+json")).isTrue();
    assertThat(answer.says("cache-control: no-store")).isTrue();
    assertThat(answer.says("x-content-type-options: nosniff")).isTrue();
  }

  @Test
  void aRequestLineOverFourKibibytesIs414() {
    assertProblem(rig.http.get("/" + "a".repeat(5000), ""), 414, "uri_too_long");
  }

  @Test
  void headersOverEightKibibytesAre431() {
    assertProblem(
        rig.http.get("/open", "X: " + "canary".repeat(2000) + "\r\n"), 431, "headers_too_large");
  }

  @Test
  void moreThanAHundredHeadersAre431() {
    assertProblem(rig.http.get("/open", "A: b\r\n".repeat(101)), 431, "headers_too_large");
  }

  @Test
  void anOversizedAuthorizationIs431AndOtherConnectionsGoOn() {
    assertProblem(
        rig.http.get("/v1/things", "Authorization: Bearer " + "c".repeat(9000) + "\r\n"),
        431,
        "headers_too_large");
    assertThat(rig.http.get("/open", "").status()).isEqualTo(200);
  }

  @Test
  void aBodyThatAnnouncesMoreThanSixteenKibibytesIs413BeforeItArrives() {
    Answer answer =
        rig.http.send(
            "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 10485760\r\n"
                + AUTHORIZED
                + JSON
                + "\r\n");
    assertProblem(answer, 413, "content_too_large");
  }

  @Test
  void aChunkedBodyOfMoreThanSixteenKibibytesIs413() {
    String chunk = "1000\r\n" + "a".repeat(4096) + "\r\n";
    Answer answer =
        rig.http.send(
            "POST /v1/things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                + AUTHORIZED
                + JSON
                + "\r\n"
                + chunk.repeat(5)
                + "0\r\n\r\n");
    assertProblem(answer, 413, "content_too_large");
  }

  @Test
  void aChunkedBodyOfJsonIsRead() {
    Answer answer =
        rig.http.send(
            "POST /v1/things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                + AUTHORIZED
                + JSON
                + "\r\n7\r\n{\"say\":\r\n5\r\n\"hi\"}\r\n0\r\n\r\n");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"said\":\"hi\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: text/plain\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: application/json; charset=iso-8859-1\r\n",
        "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
        ""
      })
  void aBodyThatIsNotPlainJsonIs415(String headers) {
    assertProblem(
        rig.http.post("/v1/things", AUTHORIZED + headers, "{}"), 415, "unsupported_media_type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "canary",
        "[]",
        "{\"say\":\"a\",\"say\":\"b\"}",
        "{\"say\":Infinity}",
        "{} {}",
        "{\"say\":"
      })
  void aBodyThatIsNoJsonObjectIs400(String body) {
    assertProblem(rig.http.post("/v1/things", AUTHORIZED + JSON, body), 400, "malformed_request");
  }

  @Test
  void jsonOfDepthTenThousandIsRefused() {
    Answer answer =
        rig.http.post("/v1/things", AUTHORIZED + JSON, "{\"say\":" + "[".repeat(10_000));
    assertProblem(answer, 400, "malformed_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/things/../keys",
        "/v1/things/%2e%2e/keys",
        "/v1/things/a%2fb",
        "/v1/things/%00",
        "/v1/things/%C0%AF",
        "/v1//things",
        "/v1/things/\u00e4",
        "http://x/v1/things/%2e%2e/keys",
        "*"
      })
  void aPathThatHidesSomethingIs400(String path) {
    assertProblem(rig.http.get(path, AUTHORIZED), 400, "malformed_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "007", "+7", "7a", "1234567890123456789", "e"})
  void anIdThatIsNoPlainNumberIs400(String id) {
    Answer answer = rig.http.get("/v1/things/" + id, AUTHORIZED);
    assertThat(answer.status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text=a&text=b", "other=1", "text=%zz", "text=%ff", "text=a%00b", "TEXT=a"})
  void aQueryThatIsRepeatedUnknownOrUnreadableIs400(String query) {
    assertProblem(rig.http.get("/v1/query?" + query, AUTHORIZED), 400, "malformed_request");
  }

  @Test
  void aQueryIsDecoded() {
    assertThat(rig.http.get("/v1/query?text=a+%C3%A4%26b", AUTHORIZED).body())
        .isEqualTo("{\"said\":\"a ä&b\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Request smuggling: RFC 9112, sections 5.2, 6.1 and 6.3.
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET /open HTTP/1.1\r\nHost : x\r\n\r\n",
        "\u0001GET /open HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /open\r\n\r\n",
        "GET /open HTTP/1.1\r\n\r\n",
        "GET /open HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "canary\r\n\r\n"
      })
  void bytesThatAreNoSoundRequestAre400AndEndTheConnection(String bytes) {
    try (RawHttp.Conversation conversation = rig.http.open()) {
      conversation.write(bytes);
      assertProblem(conversation.answer(), 400, "malformed_request");
      assertThat(conversation.closed()).isTrue();
    }
  }

  @Test
  void aFoldedHeaderIsReadAsTheOneLineThatItStandsFor() {
    Answer answer = rig.http.get("/v1/things", AUTHORIZED.replace("Bearer ", "Bearer\r\n "));
    assertThat(answer.body()).isEqualTo("{\"said\":\"key:admin\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "PUT", "OPTIONS", "DELETE"})
  void aMethodThatAPathDoesNotHaveIs405WithThoseItHas(String method) {
    Answer answer =
        rig.http.send(method + " /v1/things HTTP/1.1\r\nHost: x\r\n" + AUTHORIZED + "\r\n");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.says("allow: GET, HEAD, POST")).isTrue();
  }

  @Test
  void aPathThatIsNotThereIs404() {
    assertProblem(rig.http.get("/v1/nothing", AUTHORIZED), 404, "not_found");
  }

  @Test
  void aGetWithABodyIs400() {
    Answer answer =
        rig.http.send(
            "GET /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n" + AUTHORIZED + "\r\n{}");
    assertProblem(answer, 400, "malformed_request");
  }

  @Test
  void anAnswerThatTheCallerDoesNotAcceptIs406() {
    assertProblem(
        rig.http.get("/v1/things", AUTHORIZED + "Accept: text/html\r\n"), 406, "not_acceptable");
  }

  @Test
  void anUpgradeToHttp2IsIgnored() {
    Answer answer =
        rig.http.get(
            "/open",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n");
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void theTraceOfACallerIsContinued() {
    Answer answer =
        rig.http.get(
            "/v1/nothing",
            "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n");
    assertThat(answer.body()).contains("\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\"");
  }

  @Test
  void aBugIsAnsweredWithAFixedText() {
    assertProblem(rig.http.get("/v1/bug", ""), 500, "internal");
  }

  @Test
  void aConnectionServesManyRequests() {
    try (RawHttp.Conversation conversation = rig.http.open()) {
      for (int i = 0; i < 3; i++) {
        conversation.write("GET /open HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(conversation.answer().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void whoSendsAHeadTooSlowlyIsCutOff() {
    assertCutOff("GET /op");
  }

  @Test
  void whoSendsABodyTooSlowlyIsCutOff() {
    assertCutOff(
        "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
            + AUTHORIZED
            + JSON
            + "\r\n{");
  }

  private void assertCutOff(String beginning) {
    try (RawHttp.Conversation conversation = rig.http.open()) {
      conversation.write(beginning);
      rig.letTimeFly();
      assertThat(conversation.closed()).isTrue();
    }
  }

  /** RFC 9110, section 10.1.1: its sender keeps the body back until it is told to go on. */
  @Test
  void whoWaitsToBeToldToGoOnIsTold() {
    try (RawHttp.Conversation conversation = rig.http.open()) {
      conversation.write(
          "POST /v1/things HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nExpect: 100-Continue\r\n"
              + AUTHORIZED
              + JSON
              + "Content-Length: 12\r\n\r\n");
      assertThat(conversation.answer().status()).isEqualTo(100);
      conversation.write("{\"say\":\"it\"}");
      assertThat(conversation.answer().status()).isEqualTo(200);
    }
  }
}
