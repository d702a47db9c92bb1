package dev.evertoken.port;

import static dev.evertoken.port.StoreSamples.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Suspension.Kind;
import dev.evertoken.domain.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every implementation of the refresh claims keeps to when it hands out due accounts. */
public abstract class DueAccountsContract {

  private static final Duration RESERVATION = Duration.ofSeconds(30);

  private StoreSamples samples;
  private RefreshClaims claims;

  protected abstract Stores stores();

  @BeforeEach
  void begin() {
    samples = new StoreSamples(stores());
    claims = stores().claims();
  }

  @Test
  void reservesTheMostUrgentFirstAndOnce() {
    Account later = samples.account("later", null, minutes(50), minutes(-1));
    Account urgent = samples.account("urgent", null, minutes(10), minutes(-1));
    samples.account("not due", null);

    assertThat(reserved(10)).containsExactly(urgent.id(), later.id());
    assertThat(reserved(10)).isEmpty();
    assertThat(next()).hasValueSatisfying(at -> assertThat(at).isAfter(samples.in(seconds(20))));
  }

  @Test
  void takesNoMoreThanThereIsRoomFor() {
    samples.due("one", null);
    samples.due("two", null);

    assertThat(reserved(1)).hasSize(1);
    assertThat(reserved(10)).hasSize(1);
  }

  @Test
  void leavesTheAccountsOnClosedWaysAlone() {
    long down = StoreSamples.newProxy();
    long half = StoreSamples.newProxy();
    Account throughDown = samples.due("through-down", down);
    Account onRoute = samples.due("on-route", half);
    Account direct = samples.due("direct", null);
    List<Suspension> closed =
        List.of(
            closed(Kind.PROXY, null, down),
            closed(Kind.UNREADABLE, samples.platform, half),
            closed(Kind.ROUTE, "another-platform", null));

    assertThat(next(closed)).hasValueSatisfying(at -> assertThat(at).isBefore(stores().now()));
    assertThat(reserved(10, closed)).containsExactly(direct.id());
    assertThat(reserved(10)).containsExactlyInAnyOrder(throughDown.id(), onRoute.id());
    assertThat(samples.find(throughDown)).isEqualTo(throughDown);
  }

  @Test
  void leavesAnAccountAloneWhoseAnswerCannotBeRead() {
    Account unread = samples.due("unread", null);
    samples.failed(unread, new RefreshClaims.Mark.Unreadable(null));

    assertThat(next()).isEmpty();
    assertThat(reserved(10)).isEmpty();
  }

  @Test
  void knowsTheDirectRouteFromTheOthers() {
    long proxy = StoreSamples.newProxy();
    Account through = samples.due("through", proxy);
    samples.due("direct", null);

    assertThat(reserved(10, List.of(closed(Kind.ROUTE_THROTTLED, samples.platform, null))))
        .containsExactly(through.id());
  }

  @Test
  void aClosedPlatformHasNothingToDo() {
    samples.due("due", null);
    for (Kind kind : List.of(Kind.PLATFORM, Kind.THROTTLED, Kind.PROVIDER_CONFIG)) {
      List<Suspension> closed = List.of(closed(kind, samples.platform, null));

      assertThat(reserved(10, closed)).as(kind.name()).isEmpty();
      assertThat(next(closed)).as(kind.name()).isEmpty();
    }
    assertThat(reserved(10)).hasSize(1);
  }

  @Test
  void sleepsUntilTheFirstOnAnOpenWayFallsDue() {
    long down = StoreSamples.newProxy();
    List<Suspension> closed = List.of(closed(Kind.PROXY_MISSING, null, down));
    samples.due("due", down);
    samples.account("soon", down, minutes(40), minutes(5));
    assertThat(next(closed)).isEmpty();

    samples.account("open", null, minutes(40), minutes(20));

    Instant due = samples.in(minutes(20));
    assertThat(next(closed))
        .hasValueSatisfying(at -> assertThat(at).isCloseTo(due, within(60, ChronoUnit.SECONDS)));
  }

  @Test
  void lapsedClaimsAreHandedOutWhateverIsClosed() {
    long down = StoreSamples.newProxy();
    Account lapsed = samples.account("lapsed", down);
    get(claims.take(lapsed, UUID.randomUUID(), Duration.ZERO, Trigger.REQUEST, false));
    for (Suspension closed :
        List.of(closed(Kind.PROXY, null, down), closed(Kind.PLATFORM, samples.platform, null))) {
      assertThat(next(List.of(closed)))
          .hasValueSatisfying(at -> assertThat(at).isBefore(samples.in(seconds(5))));
    }

    assertThat(reserved(10, List.of(closed(Kind.PLATFORM, samples.platform, null))))
        .containsExactly(lapsed.id());
  }

  private static Duration minutes(int minutes) {
    return Duration.ofMinutes(minutes);
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private Suspension closed(Kind kind, @Nullable String platform, @Nullable Long proxy) {
    Instant now = samples.in(Duration.ZERO);
    return new Suspension(kind, platform, proxy, "down", now, now);
  }

  private List<Long> reserved(int places) {
    return reserved(places, List.of());
  }

  private List<Long> reserved(int places, Collection<Suspension> closed) {
    return get(claims.reserveDue(Map.of(samples.platform, places), RESERVATION, closed)).stream()
        .map(Account::id)
        .toList();
  }

  private Optional<Instant> next() {
    return next(List.of());
  }

  private Optional<Instant> next(Collection<Suspension> closed) {
    return get(claims.nextDue(Set.of(samples.platform), closed));
  }
}
