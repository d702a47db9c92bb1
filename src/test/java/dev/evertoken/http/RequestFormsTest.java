package dev.evertoken.http;

import static dev.evertoken.http.HttpRig.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.http.RawHttp.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms of requests that RFC 9110 and 9112 ask every server to read, and those to refuse. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RequestFormsTest {

  private static final String TRACE =
      "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";

  private final HttpRig rig = new HttpRig();

  @AfterAll
  void stop() {
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://x", "HTTPS://elsewhere.test:8443", "http://[::1]:1"})
  void aTargetInAbsoluteFormIsRead(String before) {
    assertThat(rig.http.get(before + "/open", "").status()).isEqualTo(200);
    assertThat(rig.http.get(before + "/v1/query?text=it", AUTHORIZED).body())
        .isEqualTo("{\"said\":\"it\"}");
    assertThat(rig.http.get(before + "/v1/nothing", AUTHORIZED).status()).isEqualTo(404);
    assertThat(rig.http.get(before, AUTHORIZED).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/open", "/v1/things", "/v1/nothing", "/v1/bug", "/v1/query?other=1"})
  void headAnswersAsGetDoesWithoutTheBody(String path) {
    Answer get = rig.http.get(path, AUTHORIZED + TRACE);
    try (RawHttp.Conversation conversation = rig.http.open()) {
      for (int i = 0; i < 2; i++) {
        conversation.write(
            "HEAD " + path + " HTTP/1.1\r\nHost: x\r\n" + AUTHORIZED + TRACE + "\r\n");
        assertThat(conversation.head()).isEqualTo(get.head());
      }
    }
  }

  @Test
  void aStreamIsNotBegunForItsHeaders() {
    try (RawHttp.Conversation conversation = rig.http.open()) {
      conversation.write("HEAD /v1/stream HTTP/1.1\r\nHost: x\r\n" + AUTHORIZED + "\r\n");
      assertThat(conversation.head()).startsWith("http/1.1 200").contains("text/plain");
      conversation.write("GET /open HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(conversation.answer().status()).isEqualTo(200);
    }
  }

  /** Else two readers on the way could see two different requests. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /v1/things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: br\r\nTransfer-Encoding: gzip\r\n\r\n",
        "GET /open HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: deflate\r\n\r\n",
        "GET http:///open HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http://user@x/open HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET ftp://x/open HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http://x/%6fpen HTTP/1.1\r\nHost: x\r\n\r\n"
      })
  void aBodyWithoutAPlainEndAndATargetOfNoHttpServerEndTheConnection(String bytes) {
    try (RawHttp.Conversation conversation = rig.http.open()) {
      conversation.write(bytes);
      assertThat(conversation.answer().status()).isEqualTo(400);
      assertThat(conversation.closed()).isTrue();
    }
  }
}
