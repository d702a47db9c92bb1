package dev.evertoken.domain;

import static dev.evertoken.domain.AccountDraft.NOW;
import static dev.evertoken.domain.AccountDraft.account;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Blocker.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What blocks an account, of each kind. */
final class BlockerTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  static Stream<Arguments> cases() {
    return Stream.of(
        of("nothing", account()),
        of("a pause", account().paused(), Kind.PAUSED),
        of("an error", account().status(AccountStatus.ERROR), Kind.ERROR),
        of("a switch", account().status(AccountStatus.DISABLED), Kind.DISABLED),
        of("a bench", account().benched(BenchCause.MANUAL, MINUTE), Kind.BENCH),
        of(
            "a failed refresh while the token is valid",
            account().benched(BenchCause.REFRESH_FAILED, MINUTE)),
        of(
            "a failed refresh without a valid token",
            account().left(Duration.ZERO).benched(BenchCause.REFRESH_FAILED, MINUTE),
            Kind.BENCH),
        of("a bench that has ended", account().benched(BenchCause.MANUAL, Duration.ZERO)),
        of(
            "two at once",
            account().paused().benched(BenchCause.RULE, MINUTE),
            Kind.PAUSED,
            Kind.BENCH));
  }

  private static Arguments of(String what, AccountDraft draft, Kind... kinds) {
    return Arguments.of(what, draft.build(), List.of(kinds));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void ofTheRow(String what, Account account, List<Kind> kinds) {
    assertThat(Blocker.of(account, List.of(), NOW)).extracting(Blocker::kind).isEqualTo(kinds);
  }

  static Stream<Arguments> suspensions() {
    return Stream.of(
        Arguments.of(suspension(Suspension.Kind.ROUTE, "acme", null), List.of(Kind.PROVIDER)),
        Arguments.of(suspension(Suspension.Kind.ROUTE, "acme", 3L), List.of()),
        Arguments.of(suspension(Suspension.Kind.THROTTLED, "acme", null), List.of(Kind.PROVIDER)),
        Arguments.of(
            suspension(Suspension.Kind.PROVIDER_CONFIG, "acme", null), List.of(Kind.PROVIDER)),
        Arguments.of(suspension(Suspension.Kind.PROVIDER_CONFIG, "other", null), List.of()),
        Arguments.of(suspension(Suspension.Kind.PROXY, null, 3L), List.of()));
  }

  private static Suspension suspension(
      Suspension.Kind kind, @Nullable String platform, @Nullable Long proxy) {
    Instant probe = NOW.plus(MINUTE);
    return new Suspension(kind, platform, proxy, "down", NOW, probe);
  }

  @ParameterizedTest
  @MethodSource("suspensions")
  void ofItsRoute(Suspension suspension, List<Kind> kinds) {
    List<Blocker> found = Blocker.of(account().build(), List.of(suspension), NOW);
    assertThat(found).extracting(Blocker::kind).isEqualTo(kinds);
    assertThat(found).allMatch(blocker -> suspension.probeAt().equals(blocker.until()));
  }

  @Test
  void anUnreadAnswerBlocksWithoutAnEndWhereNoTokenIsValid() {
    AccountDraft unread =
        account().unreadableSince(NOW).benched(BenchCause.OUTCOME_UNKNOWN, Duration.ofDays(9));

    assertThat(Blocker.of(unread.build(), List.of(), NOW)).isEmpty();
    assertThat(Blocker.of(unread.left(Duration.ofSeconds(-1)).build(), List.of(), NOW))
        .containsExactly(new Blocker(Blocker.Kind.BENCH, null, null, "outcome_unknown"));
  }
}
