package dev.evertoken.domain;

import dev.evertoken.domain.AnswerShape.Field;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Says what an answer of a token endpoint means, by its status and its structure, never by words in
 * a body (semantics, section 3).
 *
 * <p>The status goes first: no 3xx, 408, 425, 429 or 5xx is read any further, so an {@code
 * invalid_grant} inside a 500 ends no grant. In a 2xx the tokens go before any error beside them: a
 * new refresh token is the only live one, whatever else is wrong.
 */
public final class Judge {

  private final ProviderAnswer answer;
  private final Platform platform;
  private final Instant requestedAt;

  private Judge(ProviderAnswer answer, Platform platform, Instant requestedAt) {
    this.answer = answer;
    this.platform = platform;
    this.requestedAt = requestedAt;
  }

  /**
   * The meaning of one answer to one refresh.
   *
   * @param requestedAt when the request began; lifetimes count from there
   */
  public static Judgement judge(ProviderAnswer answer, Platform platform, Instant requestedAt) {
    return new Judge(answer, platform, requestedAt).byStatus();
  }

  /** The meaning of an answer that was read just after its request. */
  public static Judgement judge(ProviderAnswer answer, Platform platform) {
    return judge(answer, platform, answer.readAt());
  }

  private Judgement byStatus() {
    int status = answer.status();
    return switch (status) {
      // What is not HTTP may be an answer all the same.
      case 0 -> success();
      case 408, 425 -> failed();
      case 429 -> throttled();
      // A gateway says so when the provider itself may have done its work.
      case 502, 504 -> rotates() ? new Judgement.Unknown("status " + status) : failed();
      default -> byHundred(status);
    };
  }

  private Judgement byHundred(int status) {
    return switch (status / 100) {
      case 2 -> success();
      case 3 -> page("status " + status);
      case 4 -> refusal();
      case 5 -> failed();
      default -> rotates() ? new Judgement.Unknown("status " + status) : failed();
    };
  }

  private Judgement success() {
    if (answer.json() == null) {
      return unreadable("the answer is neither JSON nor a form");
    }
    AnswerTree tree = new AnswerTree(answer.json());
    FoundTokens found = FoundTokens.in(tree, platform.answerShape());
    if (found.access() == null && found.refresh() == null) {
      return withoutTokens(tree);
    }
    if (found.refresh() == null && rotates() && (found.unreadable() || !answer.whole())) {
      return unreadable(
          found.unreadable()
              ? "the refresh token in the answer cannot be one"
              : "the answer ends before its refresh token");
    }
    return tokens(tree, found);
  }

  private Judgement tokens(AnswerTree tree, FoundTokens found) {
    AnswerTimes times = AnswerTimes.of(requestedAt, answer.date());
    TokenReading reading = TokenReading.of(tree, found, times, platform);
    Judgement.NextRefreshToken next = reading.next();
    String flaw = reading.flaw(answer.whole());
    if (flaw == null) {
      return new Judgement.Tokens(reading.access(), next, reading.findings(answer.whole()));
    }
    return next == null
        ? unreadable(flaw)
        : new Judgement.Successor(next, flaw, reading.findings(answer.whole()));
  }

  /** An error is believed only where nothing could be a token under another name. */
  private Judgement withoutTokens(AnswerTree tree) {
    AnswerShape shape = platform.answerShape();
    boolean refused =
        answer.status() != 0
            && answer.whole()
            && FailureMark.in(tree, shape)
            && !tree.couldHoldToken();
    return refused
        ? meaning(Refusal.of(answer.status(), tree, shape))
        : unreadable("no token was found in the answer");
  }

  private Judgement refusal() {
    if (answer.json() == null) {
      return page("status " + answer.status());
    }
    Refusal refusal =
        Refusal.of(answer.status(), new AnswerTree(answer.json()), platform.answerShape());
    return refusal.meaning() == Refusal.Meaning.OTHER && !answer.whole()
        ? page("status " + answer.status())
        : meaning(refusal);
  }

  private Judgement meaning(Refusal refusal) {
    String code = refusal.code();
    String named = code == null ? "status " + answer.status() : code;
    return switch (refusal.meaning()) {
      case PERMANENT -> new Judgement.Permanent(named, false);
      case GENERIC -> new Judgement.Permanent(named, true);
      case PROVIDER_CONFIG -> new Judgement.ProviderConfig(named);
      case THROTTLED -> throttled();
      case TRANSIENT -> new Judgement.Transient(named, retryAfter(), RouteFault.STATUS);
      case OTHER -> new Judgement.Refused(answer.status(), code);
    };
  }

  private Judgement throttled() {
    return new Judgement.Throttled(answer.retryAfter());
  }

  private Judgement failed() {
    return new Judgement.Transient("status " + answer.status(), retryAfter(), RouteFault.STATUS);
  }

  private Judgement page(String why) {
    return new Judgement.Transient(why, null, RouteFault.PAGE);
  }

  /** Where nothing rotates no token can have been lost with the answer. */
  private Judgement unreadable(String why) {
    return rotates() ? new Judgement.Unreadable(why) : page(why);
  }

  private boolean rotates() {
    return platform.rotation().replaces();
  }

  private @Nullable Duration retryAfter() {
    return answer.retryAfter();
  }

  /** The place that the template names for {@code expires_in}, as it is in an answer. */
  static @Nullable Object placedExpiresIn(AnswerTree tree, AnswerShape shape) {
    String place = shape.places().get(Field.EXPIRES_IN);
    return place == null ? null : tree.at(place);
  }
}
