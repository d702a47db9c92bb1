package dev.evertoken.port;

import static dev.evertoken.port.StoreSamples.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Suspension.Kind;
import dev.evertoken.domain.Suspension.Outage;
import dev.evertoken.port.RefreshClaims.Mark;
import dev.evertoken.port.RefreshClaims.Next;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of the ways keeps to when it hands out the probe of a suspension. */
public abstract class ProbesContract {

  private static final Duration LAPSE = Duration.ofSeconds(30);

  private StoreSamples samples;
  private RouteStore routes;

  protected abstract Stores stores();

  @BeforeEach
  void begin() {
    samples = new StoreSamples(stores());
    routes = stores().routes();
  }

  @Test
  void isHandedOutOnce() {
    Suspension down = suspended(Kind.ROUTE, null);
    Account due = samples.due("due", null);

    List<Future<Optional<Account>>> asked =
        IntStream.range(0, 10).mapToObj(i -> routes.claimProbe(down, null, LAPSE)).toList();

    List<Account> chosen = asked.stream().map(StoreSamples::get).flatMap(Optional::stream).toList();
    assertThat(chosen).containsExactly(due);
  }

  @Test
  void waitsForItsTime() {
    samples.due("due", null);
    Suspension down = suspension(Kind.ROUTE, null, Duration.ofMinutes(1), 0);
    get(routes.suspend(down));

    assertThat(probe(down)).isEmpty();
  }

  @Test
  void isHandedOutAgainWhenItLapsesOrIsGivenBackOrTheSuspensionIsSetAnew() {
    Suspension down = suspended(Kind.ROUTE, null);
    samples.due("due", null);
    assertThat(get(routes.claimProbe(down, null, Duration.ZERO))).isPresent();
    assertThat(probe(down)).as("lapsed").isPresent();
    assertThat(probe(down)).isEmpty();

    get(routes.releaseProbe(down));
    assertThat(probe(down)).as("given back").isPresent();

    get(routes.suspend(down));
    assertThat(probe(down)).as("set anew").isPresent();
  }

  @Test
  void isNotUsedUpWhereNobodyCanBeChosen() {
    Suspension down = suspended(Kind.ROUTE, null);
    Account lost = samples.due("lost", null);
    samples.failed(
        lost,
        new Mark.Failed(new AccountError("invalid_grant", "gone", samples.in(Duration.ZERO))));
    samples.account("not due", null);
    samples.due("on another route", StoreSamples.newProxy());
    Account running = samples.due("running", null);
    samples.taken(running, UUID.randomUUID());
    assertThat(probe(down)).isEmpty();

    Account due = samples.due("due", null);
    assertThat(probe(down)).contains(due);
  }

  @Test
  void isTakenByAnyAccountThatTheSuspensionCovers() {
    long proxy = StoreSamples.newProxy();
    Account through = samples.due("through", proxy);

    assertThat(probe(suspended(Kind.PROXY, proxy))).contains(through);
    assertThat(probe(suspended(Kind.ROUTE, proxy))).contains(through);
    assertThat(probe(suspended(Kind.ROUTE, null))).isEmpty();
    for (Kind kind : List.of(Kind.PLATFORM, Kind.THROTTLED, Kind.PROVIDER_CONFIG)) {
      assertThat(probe(suspended(kind, null))).as(kind.name()).contains(through);
    }
  }

  @Test
  void isTakenByAnAccountWithoutAValidTokenThatIsNotDue() {
    Suspension down = suspended(Kind.ROUTE_THROTTLED, null);
    Account expired =
        samples.account("expired", null, Duration.ofMinutes(-1), Duration.ofMinutes(10));

    assertThat(probe(down)).contains(expired);
  }

  @Test
  void isTakenByTheOneWhoAsksWhereNoneIsDue() {
    Suspension down = suspended(Kind.ROUTE, null);
    Account asker = samples.account("asker", null);

    assertThat(get(routes.claimProbe(down, asker.id(), LAPSE))).contains(asker);
  }

  @Test
  void isNotTakenByAnAskerOnAnotherWay() {
    Suspension down = suspended(Kind.ROUTE, null);
    Account asker = samples.account("asker", StoreSamples.newProxy());

    assertThat(get(routes.claimProbe(down, asker.id(), LAPSE))).isEmpty();
  }

  @Test
  void isTakenLastByThoseThatFailForReasonsOfTheirOwn() {
    Suspension down = suspended(Kind.ROUTE, null);
    Account own = samples.failsByItself(samples.due("own", null));
    Account other = samples.due("other", null);
    assertThat(get(routes.claimProbe(down, own.id(), Duration.ZERO))).contains(other);

    get(routes.probeFailed(down, other.id()));
    assertThat(get(routes.claimProbe(down, null, Duration.ZERO)))
        .as("an account that can only fail does not take every probe")
        .contains(own);
  }

  @Test
  void goesRound() {
    Suspension down = suspended(Kind.ROUTE, null);
    Account first = samples.due("first", null);
    Account second = samples.due("second", null);
    get(routes.probeFailed(down, first.id()));
    assertThat(probe(down)).contains(second);

    get(routes.probeFailed(down, second.id()));
    get(routes.releaseProbe(down));
    assertThat(probe(down)).as("the one whose failed probe is longest ago").contains(first);

    get(routes.lift(down));
    get(routes.suspend(down));
    get(routes.probeFailed(down, second.id()));
    assertThat(probe(down)).as("the next outage begins anew").contains(first);
  }

  @Test
  void prefersOneWhoseLastExchangeSucceededToOneThatIsDueForLonger() {
    Suspension down = suspended(Kind.ROUTE, null);
    Account longer = samples.account("longer", null, Duration.ofMinutes(5), minutesAgo(30));
    samples.failed(longer, new Mark.None());
    Account worked = samples.succeededAndDue(samples.due("worked", null), "worked");

    assertThat(probe(down)).contains(worked);
  }

  @Test
  void prefersTheOneThatIsDueForLongest() {
    Suspension down = suspended(Kind.ROUTE, null);
    samples.due("due", null);
    Account longer = samples.account("longer", null, Duration.ofMinutes(5), minutesAgo(30));

    assertThat(probe(down)).contains(longer);
  }

  @Test
  void isTakenLastByThoseThatRest() {
    Suspension down = suspended(Kind.ROUTE, null);
    Account rests = samples.account("rests", null, Duration.ofMinutes(-1), Duration.ofMinutes(-30));
    rests =
        samples.failed(
            rests,
            new Mark.None(),
            new Next(samples.in(Duration.ofMinutes(5)), null),
            FailureHistory.NONE);
    assertThat(get(routes.claimProbe(down, null, Duration.ZERO))).contains(rests);

    Account own = samples.failsByItself(samples.due("own", null));
    assertThat(probe(down)).contains(own);
  }

  @Test
  void ofUnreadableAnswersIsTakenOnlyByAnAccountWithoutAValidToken() {
    Suspension down = suspended(Kind.UNREADABLE, null);
    Account due = samples.due("due", null);
    Account kept = samples.account("kept", null, Duration.ofMinutes(-1), Duration.ofMinutes(-1));
    samples.failed(kept, new Mark.Unreadable(null));
    assertThat(get(routes.claimProbe(down, due.id(), LAPSE))).isEmpty();

    Account expired = samples.account("expired", null, Duration.ofMinutes(-1), minutesAgo(1));
    assertThat(probe(down)).contains(expired);
  }

  private static Duration minutesAgo(int minutes) {
    return Duration.ofMinutes(-minutes);
  }

  private Optional<Account> probe(Suspension suspension) {
    return get(routes.claimProbe(suspension, null, LAPSE));
  }

  private Suspension suspended(Kind kind, @Nullable Long proxy) {
    Suspension suspension = suspension(kind, proxy, Duration.ofSeconds(-1), 0);
    get(routes.suspend(suspension));
    return suspension;
  }

  private Suspension suspension(
      Kind kind, @Nullable Long proxy, Duration probeIn, int failedProbes) {
    return new Suspension(
        kind,
        kind == Kind.PROXY ? null : samples.platform,
        proxy,
        "down",
        samples.ago(Duration.ofMinutes(1)),
        samples.in(probeIn),
        new Outage(samples.ago(Duration.ofMinutes(1)), failedProbes));
  }
}
