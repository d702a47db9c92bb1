package dev.evertoken.wire;

import dev.evertoken.domain.TokenAnswer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Token answers as they go out, each kept for the next caller of the same account in the same
 * second: writing them costs more than all else on the warm path.
 *
 * <p>What is kept is found by an answer that was just given, and only if that speaks of the very
 * same row in the same way; so it can serve nothing that the token service would not. Bounded; safe
 * for any thread.
 *
 * @param <T> the form; whoever is given it leaves it as it is
 */
public final class RenderedAnswers<T> {

  /** A power of two; accounts whose ids collide take the place from each other. */
  private static final int PLACES = 1024;

  private record Rendered<T>(TokenAnswer answer, long secondsLeft, T form, boolean askedAgain) {

    /** The very same row: two rows that are merely equal are not worth the comparison. */
    @SuppressWarnings("ReferenceEquality")
    boolean says(TokenAnswer other, long left) {
      return answer.account() == other.account()
          && secondsLeft == left
          && answer.state() == other.state()
          && answer.warnings().equals(other.warnings());
    }

    Rendered<T> again(UnaryOperator<T> lasting) {
      return new Rendered<>(answer, secondsLeft, lasting.apply(form), true);
    }
  }

  private final AtomicReferenceArray<@Nullable Rendered<T>> places =
      new AtomicReferenceArray<>(PLACES);
  private final Function<JsonObject, T> form;
  private final UnaryOperator<T> lasting;

  /**
   * Has none yet.
   *
   * @param lasting makes of a form that was asked for again one that is cheaper to give
   */
  public RenderedAnswers(Function<JsonObject, T> form, UnaryOperator<T> lasting) {
    this.form = form;
    this.lasting = lasting;
  }

  /** The answer as of now. */
  public T of(TokenAnswer answer, Instant now) {
    Instant end = answer.expiresAt();
    long left = end == null ? -1 : Duration.between(now, end).toSeconds();
    int place = (int) answer.account().id() & (PLACES - 1);
    Rendered<T> kept = places.get(place);
    if (kept != null && kept.askedAgain() && kept.says(answer, left)) {
      return kept.form();
    }
    Rendered<T> made =
        kept != null && kept.says(answer, left)
            ? kept.again(lasting)
            : new Rendered<>(answer, left, form.apply(TokenAnswerJson.of(answer, now)), false);
    places.set(place, made);
    return made.form();
  }
}
