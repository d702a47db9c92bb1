package dev.evertoken.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Blame.Proof;
import dev.evertoken.domain.WayRecord.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class BlameTest {
  private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
  private static final int MOST = 5;

  private static Proof failedBy(long... accounts) {
    return Blame.of(record(accounts), MOST, NOW);
  }

  private static WayRecord record(long... accounts) {
    List<Failure> failures =
        LongStream.of(accounts).mapToObj(id -> new Failure(id, NOW, RouteFault.PAGE)).toList();
    return new WayRecord(new Way("acme", null), failures, List.of(), List.of());
  }

  @Test
  void enoughFailuresOfThreeAccountsProveTheWay() {
    assertThat(failedBy(1, 1, 2, 2, 3)).isEqualTo(new Proof.Fault());
  }

  @Test
  void fewFailuresProveTheWayOnlyWhenAnAccountHasUsedUpItsAttemptsAndNoOtherIsLeft() {
    assertThat(failedBy(1, 2, 3, 4)).isEqualTo(new Proof.Nothing());
    assertThat(Blame.ofUsedUp(record(1, 2))).isEqualTo(new Proof.UnlessOthers(Set.of(1L, 2L)));
    assertThat(Blame.ofUsedUp(record(1, 1))).isEqualTo(new Proof.Nothing());
  }

  @Test
  void oneAccountProvesNothingBeforeTheWholeRow() {
    assertThat(failedBy(1, 1, 1, 1)).isEqualTo(new Proof.Nothing());
    assertThat(failedBy(1, 1, 1, 1, 1)).isEqualTo(new Proof.UnlessOthers(Set.of(1L)));
  }
}
