package dev.evertoken.adapter.oauth.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.adapter.oauth.answer.AnswerParser.Progress;
import dev.evertoken.domain.ProviderAnswer;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.RawAnswer.End;
import dev.evertoken.domain.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes to an answer, without a socket. */
final class AnswerParserTest {

  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String JSON = "{\"access_token\":\"at\",\"refresh_token\":\"rt\"}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        OK + "Content-Length: 42\r\nDate: d\r\n\r\n" + JSON,
        OK + "Transfer-Encoding: chunked\r\n\r\n2a ;x=y\r\n" + JSON + "\r\n0\r\nT: u\r\n\r\n",
        "HTTP/1.1 103 x\r\nA: b\r\n\r\n" + OK + "Content-Length: 1\r\n\r\n" + JSON,
        OK + "X: y\r\n" + JSON
      })
  void inWhateverPiecesItComesTheAnswerIsTheSame(String bytes) {
    AnswerParser atOnce = new AnswerParser();
    atOnce.feed(bytes(bytes));
    AnswerParser bitByBit = new AnswerParser();
    for (byte one : bytes(bytes)) {
      bitByBit.feed(new byte[] {one});
    }

    assertThat(bitByBit.end(true)).isEqualTo(atOnce.end(true));
    assertThat(read(bitByBit.end(true)).json())
        .containsEntry("access_token", "at")
        .containsEntry("refresh_token", "rt");
  }

  @Test
  void anAnswerThatTellsItsLengthIsDoneWithItsLastByte() {
    AnswerParser parser = new AnswerParser();

    assertThat(parser.feed(bytes(OK + "Content-Length: 42\r\n\r\n" + JSON.substring(0, 41))))
        .isEqualTo(Progress.PERHAPS);
    assertThat(parser.settled()).isFalse();
    assertThat(parser.feed(bytes("}"))).isEqualTo(Progress.DONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Content-Length: 99\r\n", "Transfer-Encoding: chunked\r\n"})
  void anAnswerThatDoesNotEndIsCompleteWhenItsJsonIs(String framing) {
    AnswerParser parser = new AnswerParser();
    String size = framing.startsWith("T") ? "2a\r\n" : "";
    parser.feed(bytes(OK + framing + "\r\n" + size + JSON.substring(0, 30)));
    assertThat(parser.settled()).isFalse();

    assertThat(parser.feed(bytes(JSON.substring(30)))).isEqualTo(Progress.PERHAPS);

    assertThat(parser.settled()).isTrue();
  }

  @Test
  void aFormIsCompleteOnceSomethingFollowsItsRefreshToken() {
    AnswerParser parser = new AnswerParser();
    parser.feed(bytes(OK + "\r\naccess_token=at&refresh_token=rt"));
    assertThat(parser.settled()).isFalse();

    parser.feed(bytes("&"));

    assertThat(parser.settled()).isTrue();
  }

  @Test
  void theHeadersThatReadingNeedsAreKept() {
    AnswerParser parser = new AnswerParser();
    parser.feed(
        bytes(
            OK
                + "DATE: Mon, 01 Jun 2026 12:00:00 GMT\r\nContent-type : a/b\r\nContent-Encoding: x\r\n"
                + "Content-Encoding: gzip\r\nRetry-After: Mon, 01 Jun 2026 12:10:00 GMT\r\n"
                + "Set-Cookie: canary\r\n\r\n"));

    RawAnswer answer = parser.end(true);

    assertThat(answer).isNotNull();
    assertThat(answer.headers())
        .isEqualTo(
            Map.of(
                "date", "Mon, 01 Jun 2026 12:00:00 GMT",
                "content-type", "a/b",
                "content-encoding", "x,gzip",
                "retry-after", "Mon, 01 Jun 2026 12:10:00 GMT"));
    assertThat(read(answer).date()).isEqualTo(Instant.parse("2026-06-01T12:00:00Z"));
    // Counted by the provider's own clock.
    assertThat(read(answer).retryAfter()).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void howAnAnswerEndedIsKnown() {
    String sized = OK + "Content-Length: 42\r\n\r\n";

    assertThat(end(sized + JSON, false)).isEqualTo(End.WHOLE);
    assertThat(end(sized + "{\"a", true)).isEqualTo(End.CUT);
    assertThat(end(OK + "\r\na=b", true)).isEqualTo(End.WHOLE);
    assertThat(end(OK + "\r\na=b", false)).isEqualTo(End.CUT);
    assertThat(end("nonsense", true)).isEqualTo(End.UNREADABLE);
    assertThat(new AnswerParser().end(true)).isNull();
  }

  @Test
  void nothingIsHeldBeyondItsBounds() {
    for (String endless :
        new String[] {
          OK + "X: ",
          OK + "X: y\r\n",
          OK + "\r\n",
          OK + "\r\n{\"a\":\"",
          "x",
          OK + "Transfer-Encoding: chunked\r\n\r\n",
          OK + "Transfer-Encoding: chunked\r\n\r\nffffff\r\n"
        }) {
      AnswerParser parser = new AnswerParser();
      Progress progress = parser.feed(bytes(endless));
      byte[] more = bytes("1;xxxxxxx\r\ny\r\n".repeat(1000));
      int fed = 0;
      while (progress != Progress.DONE && fed < 20 * 1024 * 1024) {
        progress = parser.feed(more);
        fed += more.length;
      }

      assertThat(fed).as(endless).isLessThan(5 * 1024 * 1024);
      RawAnswer answer = parser.end(false);
      assertThat(answer).isNotNull();
      assertThat(answer.end()).isEqualTo(End.UNREADABLE);
      assertThat(answer.body().reveal().length()).isBetween(1, 1024 * 1024);
    }
  }

  @Test
  void aBombIsLeftAloneAtItsBound() throws IOException {
    byte[] bomb = gzip(gzip(new byte[200 * 1024 * 1024]));
    assertThat(bomb.length).isLessThan(10_000);

    ContentCoding undone = ContentCoding.undone(bomb, "gzip");

    assertThat(undone.whole()).isFalse();
    assertThat(undone.bytes().length).isLessThan(ContentCoding.LONGEST + 8193);
  }

  @Test
  void aBodyOfManyNamesAndNoEndIsReadInTime() {
    String braces = "{\"refresh_token\":".repeat(60_000);
    RawAnswer raw = new RawAnswer(200, Map.of(), Secret.of(braces), End.CUT);

    assertThat(AnswerBody.read(raw, Instant.EPOCH).whole()).isFalse();
    RawAnswer form =
        new RawAnswer(200, Map.of(), Secret.of("a=&".repeat(300_000) + "error=x"), End.CUT);
    assertThat(AnswerBody.read(form, Instant.EPOCH).whole()).isFalse();
  }

  private static End end(String bytes, boolean closed) {
    AnswerParser parser = new AnswerParser();
    parser.feed(bytes(bytes));
    RawAnswer answer = parser.end(closed);
    assertThat(answer).isNotNull();
    return answer.end();
  }

  private static ProviderAnswer read(@Nullable RawAnswer answer) {
    assertThat(answer).isNotNull();
    return AnswerBody.read(answer, Instant.EPOCH);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return Arrays.copyOf(out.toByteArray(), out.size());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
