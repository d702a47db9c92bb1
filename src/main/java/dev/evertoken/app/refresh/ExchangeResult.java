package dev.evertoken.app.refresh;

import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.OAuthProvider;
import java.time.Instant;

/** What became of one presentation of a refresh token. */
sealed interface ExchangeResult {

  /** The provider answered. The answer is in escrow where it may hold tokens. */
  record Judged(RawAnswer answer, Judgement judgement, Escrow.Kept kept, Instant sentAt)
      implements ExchangeResult {}

  /** Nothing was sent, and the claim is still ours. */
  record Unsent(OAuthProvider.Blame blame, String why) implements ExchangeResult {}

  /** It was sent, and no answer is known. */
  record Unanswered(String why, Instant sentAt) implements ExchangeResult {}

  /** Nothing was sent: the claim is not ours any more, or the row has moved on. */
  record ClaimLost() implements ExchangeResult {}

  /** Nothing was sent, for a reason of our own. */
  record Ours(Problem problem) implements ExchangeResult {}

  /** Whether the provider understood the request, so that its route works. */
  default boolean understood() {
    return this instanceof Judged judged && judged.judgement().understood();
  }
}
