package dev.evertoken.domain;

import static dev.evertoken.domain.AccountDraft.NOW;
import static dev.evertoken.domain.AccountDraft.account;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Candidate.Standing;
import dev.evertoken.rig.PlatformDraft;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How good a choice an account is for a pool. */
class CandidateTest {

  private final Platform platform = new PlatformDraft().platform();

  @Test
  void anUnreadAnswerMakesAnAccountTheLastResortAndThenNone() {
    Account unread = account().unreadableSince(NOW).left(Duration.ofMinutes(40)).build();

    Candidate candidate = Candidate.of(unread, platform, NOW);

    assertThat(candidate.standing(NOW, null, false)).isEqualTo(Standing.LAST_RESORT);
    assertThat(candidate.state(NOW, null)).isEqualTo("usable");
    var later = NOW.plus(Duration.ofMinutes(41));
    assertThat(candidate.standing(later, null, false)).isEqualTo(Standing.OUT);
    assertThat(candidate.state(later, null)).isEqualTo("benched");
    assertThat(candidate.recovery(later, null)).isEmpty();
  }

  @Test
  void aRestIsOverAtAKnownTime() {
    Account resting =
        account().restsUntil(NOW.plusSeconds(60)).left(Duration.ofSeconds(-1)).build();

    assertThat(Candidate.of(resting, platform, NOW).recovery(NOW, null))
        .contains(NOW.plusSeconds(60));
  }
}
