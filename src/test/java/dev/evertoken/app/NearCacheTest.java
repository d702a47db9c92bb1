package dev.evertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountDraft;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.ManualTime;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class NearCacheTest {

  private static final Duration MAX_AGE = Duration.ofSeconds(10);
  private static final Duration MAX_OUTAGE = Duration.ofMinutes(5);

  private final ManualTime time = new ManualTime();
  private final NearCache near = new NearCache(time, MAX_AGE, MAX_OUTAGE, 1000);

  @Test
  void servesACopyForItsMaxAgeAndInAnOutageLonger() {
    assertThat(near.keep(revision(4))).isTrue();
    time.advance(MAX_AGE);
    assertThat(near.fresh(1)).isEqualTo(revision(4));
    time.advance(Duration.ofMillis(1));
    assertThat(near.fresh(1)).isNull();
    assertThat(near.duringOutage(1)).isPresent();
    time.advance(MAX_OUTAGE);
    assertThat(near.duringOutage(1)).isEmpty();
  }

  @Test
  void refusesARevisionBelowOneThatWasHeardOf() {
    near.heardOf(1, 5);
    assertThat(near.keep(revision(4))).isFalse();
    assertThat(near.fresh(1)).isNull();
    assertThat(near.keep(revision(5))).isTrue();
    assertThat(near.keep(revision(4))).as("what is held is a floor too").isFalse();
    assertThat(near.fresh(1)).isEqualTo(revision(5));
  }

  @Test
  void dropsACopyAtOnceWhenAHigherRevisionIsHeardOf() {
    near.keep(revision(4));
    near.heardOf(1, 4);
    assertThat(near.fresh(1)).isEqualTo(revision(4));
    near.heardOf(1, 5);
    assertThat(near.fresh(1)).isNull();
    assertThat(near.keep(revision(4))).isFalse();
  }

  @Test
  void servesNoCopyOfWhatIsGone() {
    near.keep(revision(4));
    near.gone(1, 4);
    assertThat(near.fresh(1)).isNull();
    assertThat(near.keep(revision(4))).isFalse();
  }

  @Test
  void remembersTheRevisionsOfCopiesThatHadToMakeRoom() {
    NearCache small = new NearCache(time, MAX_AGE, MAX_OUTAGE, 4);
    for (long id = 1; id <= 8; id++) {
      small.keep(AccountDraft.account().id(id).revision(4).build());
    }
    // Which ones go is the cache's own choice, and it makes it behind the calls.
    Await.until("some had to make room", () -> held(small) <= 4, Duration.ofSeconds(20));
    for (long id = 1; id <= 8; id++) {
      assertThat(small.keep(AccountDraft.account().id(id).revision(3).build())).isFalse();
    }
  }

  private static long held(NearCache cache) {
    return LongStream.rangeClosed(1, 8).filter(id -> cache.fresh(id) != null).count();
  }

  private static Account revision(long revision) {
    return AccountDraft.account().id(1).revision(revision).build();
  }
}
