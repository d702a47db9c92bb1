package dev.evertoken.app.refresh;

import java.time.Duration;

/** What an attempt does after an exchange. */
sealed interface Step {

  /** Nothing more. */
  record End(AttemptEnd end) implements Step {}

  /** Stores what the provider gave. */
  record Commit(ExchangeResult.Judged judged) implements Step {}

  /** Stores what another answer to the same refresh token gave, whose successor may still live. */
  record Adopt(Siblings.Sibling sibling) implements Step {}

  /** Presents the refresh token once more, after that long. */
  record Present(Duration after) implements Step {}
}
