package dev.evertoken.adapter.oauth.answer;

import dev.evertoken.domain.Moments;
import dev.evertoken.domain.ProviderAnswer;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the body of an answer: compression, charset, structure. */
public final class AnswerBody {

  private final String text;
  private final @Nullable Structure structure;

  private AnswerBody(String text, @Nullable Structure structure) {
    this.text = text;
    this.structure = structure;
  }

  /**
   * An answer as it can be judged.
   *
   * @param now when it is read, for a {@code Retry-After} that is a date
   */
  public static ProviderAnswer read(RawAnswer raw, Instant now) {
    byte[] bytes = raw.body().reveal().getBytes(StandardCharsets.ISO_8859_1);
    AnswerBody body = of(bytes, raw.headers(), raw.end() == RawAnswer.End.WHOLE);
    Structure found = body.structure;
    Instant date = Moments.of(raw.headers().getOrDefault("date", ""));
    return new ProviderAnswer(
        raw.status(),
        found == null || (found.members().isEmpty() && !found.whole()) ? null : found.members(),
        found != null && found.whole(),
        RetryAfter.parse(raw.headers().get("retry-after"), date == null ? now : date),
        date,
        now,
        Secret.of(body.text));
  }

  /** Whether the body shows its own end. */
  static boolean closed(byte[] content, Map<String, String> headers) {
    Structure found = of(content, headers, false).structure;
    return found != null
        && (found.whole() || (found.form() && found.members().get("refresh_token") != null));
  }

  /** Whether the body has begun a structure that it does not end. */
  static boolean open(byte[] content, Map<String, String> headers) {
    Structure found = of(content, headers, true).structure;
    return found != null && !found.whole();
  }

  private static AnswerBody of(byte[] content, Map<String, String> headers, boolean ended) {
    ContentCoding coding =
        ContentCoding.undone(content, headers.getOrDefault("content-encoding", ""));
    List<String> texts =
        BodyText.candidates(coding.bytes(), headers.getOrDefault("content-type", ""));
    for (String text : texts) {
      Structure structure = Structure.of(text, ended && coding.whole());
      if (structure != null) {
        return new AnswerBody(text, structure);
      }
    }
    return new AnswerBody(texts.getFirst(), null);
  }
}
