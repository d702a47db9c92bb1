package dev.evertoken.http;

import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.wire.TokenAnswerJson;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Token answers in JSON, each kept for the next caller of the same account in the same second:
 * writing JSON costs more than all else on the warm path.
 *
 * <p>What is kept is found by an answer that was just given, and only if that speaks of the very
 * same row in the same way; so it can serve nothing that the token service would not. Bounded; safe
 * for any thread.
 */
final class RenderedAnswers {

  /** A power of two; accounts whose ids collide take the place from each other. */
  private static final int PLACES = 1024;

  private record Rendered(TokenAnswer answer, long secondsLeft, Buffer json) {

    /** The very same row: two rows that are merely equal are not worth the comparison. */
    @SuppressWarnings("ReferenceEquality")
    boolean says(TokenAnswer other, long left) {
      return answer.account() == other.account()
          && secondsLeft == left
          && answer.state() == other.state()
          && answer.warnings().equals(other.warnings());
    }
  }

  private final AtomicReferenceArray<@Nullable Rendered> places =
      new AtomicReferenceArray<>(PLACES);

  Buffer json(TokenAnswer answer, Instant now) {
    Instant end = answer.expiresAt();
    long left = end == null ? -1 : Duration.between(now, end).toSeconds();
    int place = (int) answer.account().id() & (PLACES - 1);
    Rendered kept = places.get(place);
    if (kept != null && kept.says(answer, left)) {
      return kept.json();
    }
    Buffer json = TokenAnswerJson.of(answer, now).toBuffer();
    places.set(place, new Rendered(answer, left, json));
    return json;
  }
}
