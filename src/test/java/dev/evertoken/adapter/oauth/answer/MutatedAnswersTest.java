package dev.evertoken.adapter.oauth.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.evertoken.domain.Judge;
import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Rotation;
import dev.evertoken.rig.PlatformDraft;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Good answers with bytes changed, dropped, doubled, moved and cut off. */
final class MutatedAnswersTest {

  private static final int ROUNDS = 20_000;
  private static final String REFRESH = "rt-0123456789abcdef0123456789";
  private static final String JSON =
      "{\"access_token\":\"at-new\",\"token_type\":\"bearer\",\"expires_in\":3600,"
          + "\"refresh_token\":\""
          + REFRESH
          + "\",\"scope\":\"a b\"}";
  private static final String FORM =
      "access_token=at-new&expires_in=3600&refresh_token=" + REFRESH + "&scope=a";
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
  private static final List<String> ANSWERS =
      List.of(
          HEAD + "Content-Length: " + JSON.length() + "\r\n\r\n" + JSON,
          HEAD + "\r\n" + JSON,
          HEAD
              + "Transfer-Encoding: chunked\r\n\r\n"
              + Integer.toHexString(JSON.length())
              + "\r\n"
              + JSON
              + "\r\n0\r\n\r\n",
          HEAD + "Content-Length: " + (JSON.length() + 9) + "\r\n\r\n{\"data\":" + JSON + "}",
          HEAD + "Content-Length: " + FORM.length() + "\r\n\r\n" + FORM,
          "HTTP/1.1 100 Continue\r\n\r\n" + HEAD + "\r\n\n " + JSON);
  private static final List<Rotation> ROTATING =
      List.of(
          new Rotation.Strict(),
          new Rotation.UntilUsed(),
          new Rotation.Grace(Duration.ofSeconds(30)));

  @Test
  void aSuccessorThatIsStillThereIsKept() {
    long seed = Long.getLong("evertoken.seed", System.nanoTime());
    for (int round = 0; round < ROUNDS; round++) {
      check(seed + round);
    }
  }

  /** Seeds that once failed. */
  @ParameterizedTest
  @ValueSource(
      longs = {2831622051650L, 2831622051913L, 2831622052613L, 2831622052661L, 2831622053310L})
  void whatOnceFailedStaysMended(long seed) {
    check(seed);
  }

  private static void check(long seed) {
    Random random = new Random(seed);
    String sent = mutated(ANSWERS.get(random.nextInt(ANSWERS.size())), random);
    try {
      RawAnswer raw = parsed(sent, random);
      Platform platform =
          new PlatformDraft().rotation(ROTATING.get(random.nextInt(ROTATING.size()))).platform();
      Judgement judgement =
          raw == null ? null : Judge.judge(AnswerBody.read(raw, Instant.EPOCH), platform);
      if (intact(sent) && (raw == null || raw.status() == 0 || raw.status() / 100 == 2)) {
        assertThat(kept(judgement)).as("%s", judgement).isTrue();
      }
    } catch (RuntimeException | AssertionError failure) {
      fail("seed " + seed + ": " + sent.replace("\r", "\\r"), failure);
    }
  }

  /** The next refresh token was read as it is, or the answer waits for somebody who can read it. */
  private static boolean kept(@Nullable Judgement judgement) {
    return switch (judgement) {
      case Judgement.Tokens tokens -> tokens.refreshToken() != null;
      case Judgement.Successor successor -> true;
      case Judgement.Unreadable unreadable -> true;
      case null, default -> false;
    };
  }

  private static boolean intact(String sent) {
    return sent.contains(",\"refresh_token\":\"" + REFRESH + "\",\"")
        || sent.contains("&refresh_token=" + REFRESH + "&");
  }

  private static @Nullable RawAnswer parsed(String sent, Random random) {
    byte[] bytes = sent.getBytes(StandardCharsets.ISO_8859_1);
    AnswerParser parser = new AnswerParser();
    int at = 0;
    while (at < bytes.length) {
      int next = Math.min(bytes.length, at + 1 + random.nextInt(60));
      if (parser.feed(Arrays.copyOfRange(bytes, at, next)) == AnswerParser.Progress.DONE) {
        break;
      }
      at = next;
    }
    return parser.end(random.nextBoolean());
  }

  private static String mutated(String answer, Random random) {
    byte[] bytes = answer.getBytes(StandardCharsets.ISO_8859_1);
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      bytes = once(bytes, random);
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] once(byte[] bytes, Random random) {
    int from = random.nextInt(bytes.length + 1);
    int to = Math.min(bytes.length, from + 1 + random.nextInt(3));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    switch (random.nextInt(6)) {
      case 0 -> out.write(random.nextInt(256));
      case 1 -> out.write("\"{}\\:,\r\n&=".charAt(random.nextInt(10)));
      case 2 -> out.write(bytes, from, to - from);
      case 3 -> to = Math.min(bytes.length, from + random.nextInt(40));
      case 4 -> to = random.nextInt(10) == 0 ? bytes.length : to;
      default -> {
        to = from;
        out.write(random.nextInt(256));
      }
    }
    out.write(bytes, to, bytes.length - to);
    return out.size() == 0 ? bytes : out.toByteArray();
  }
}
