package dev.evertoken.http;

import static dev.evertoken.http.HttpRig.AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.rig.Await;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connections are kept although nothing comes over them. */
final class KeptConnectionsTest {

  @AutoClose private final HttpRig rig = new HttpRig();

  /** A caller that keeps its connection must not find it closed under its next request. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /open HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /v1/accounts/1/token HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /open HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
        "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
      })
  void aConnectionMayRestForAMinuteBetweenRequests(String first) {
    try (RawHttp.Conversation silent = rig.http.open();
        RawHttp.Conversation conversation = rig.http.open()) {
      conversation.write(first);
      assertThat(conversation.answer().status()).isPositive();
      rig.time.advance(Connections.ARRIVAL.multipliedBy(3));
      assertThat(silent.closed()).isTrue();
      conversation.write("GET /open HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(conversation.answer().status()).isEqualTo(200);
      rig.time.advance(Connections.IDLE);
      assertThat(conversation.closed()).isTrue();
    }
  }

  /** The end of the first is told when the second is being worked on. */
  @Test
  void whoSendsTheNextRequestAtOnceIsNotCutOff() {
    try (RawHttp.Conversation silent = rig.http.open();
        RawHttp.Conversation conversation = rig.http.open()) {
      String rest = " HTTP/1.1\r\nHost: x\r\n" + AUTHORIZED + "\r\n";
      conversation.write("GET /v1/later" + rest + "GET /v1/waiting" + rest);
      assertThat(conversation.answer().status()).isEqualTo(204);
      Await.until("the next one is being answered", rig.reached::get);
      rig.time.advance(Connections.IDLE);
      assertThat(silent.closed()).isTrue();
      rig.waiting.complete(Reply.noContent());
      assertThat(conversation.answer().status()).isEqualTo(204);
    }
  }

  @Test
  void aStreamThatIsSilentForLongIsNotCutOff() {
    try (RawHttp.Conversation conversation = rig.http.open();
        RawHttp.Conversation silent = rig.http.open()) {
      conversation.write("GET /v1/stream HTTP/1.1\r\nHost: x\r\n" + AUTHORIZED + "\r\n");
      Await.until("the request is being answered", rig.reached::get);
      rig.letTimeFly();
      assertThat(silent.closed()).isTrue();
      rig.waiting.complete(Reply.noContent());
      assertThat(conversation.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void whoWaitsForAnAnswerIsNotCutOff() {
    try (RawHttp.Conversation conversation = rig.http.open();
        RawHttp.Conversation silent = rig.http.open()) {
      conversation.write("GET /v1/waiting HTTP/1.1\r\nHost: x\r\n" + AUTHORIZED + "\r\n");
      Await.until("the request is being answered", rig.reached::get);
      rig.letTimeFly();
      assertThat(silent.closed()).isTrue();
      rig.waiting.complete(Reply.noContent());
      assertThat(conversation.answer().status()).isEqualTo(204);
    }
  }
}
