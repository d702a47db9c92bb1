package dev.evertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Platform;
import dev.evertoken.rig.PlatformDraft;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InFlightLimitsTest {

  private final Platform sample = new PlatformDraft().platform();
  private final InFlightLimits hands = new InFlightLimits(List.of(sample), platform -> 4);

  private void take(int times) {
    for (int i = 0; i < times; i++) {
      hands.take(sample.name());
    }
  }

  @Test
  void hasRoomOnceHalfOfThePlacesAreFree() {
    take(3);
    assertThat(hands.room()).isEmpty();

    assertThat(hands.giveBack(sample.name())).isTrue();

    assertThat(hands.room()).containsOnlyKeys(sample.name()).containsValue(2);
  }

  @Test
  void countsWhatWasTakenBeyondThePlaces() {
    take(6);

    for (int left = 5; left > 2; left--) {
      assertThat(hands.giveBack(sample.name())).isFalse();
    }

    assertThat(hands.giveBack(sample.name())).isTrue();
    assertThat(hands.isEmpty()).isFalse();
    hands.giveBack(sample.name());
    hands.giveBack(sample.name());
    assertThat(hands.isEmpty()).isTrue();
  }

  @Test
  void givesNoRoomToAPlatformThatIsNotAmongThem() {
    hands.take("another");

    assertThat(hands.giveBack("another")).isFalse();
    assertThat(hands.room()).containsOnlyKeys(sample.name());
  }
}
