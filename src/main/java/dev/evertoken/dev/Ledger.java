package dev.evertoken.dev;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The exact account of what the simulated provider was asked and has decided: the oracle of the
 * tests.
 *
 * <p>A request is decided and written down in one step, before any delay or fault touches its
 * answer. Safe for use by several threads.
 */
public final class Ledger {
  private static final String ALL = "";

  private final InstantSource clock;
  private final Switches switches;
  private final Families families = new Families();
  private final CallLog calls = new CallLog();

  Ledger(InstantSource clock, Switches switches) {
    this.clock = clock;
    this.switches = switches;
  }

  synchronized NewFamily create(String prefix) {
    return families.create(prefix, switches.behaviour(null), clock.instant());
  }

  synchronized Grant refresh(String refreshToken, String source) {
    Behaviour behaviour = switches.behaviour(families.familyOf(refreshToken).orElse(null));
    return families.refresh(refreshToken, behaviour, source, clock.instant());
  }

  synchronized void skip(String refreshToken, String source) {
    families.skip(refreshToken, source, clock.instant());
  }

  /** Ends a family as if its owner had withdrawn the grant. */
  public synchronized void revoke(String family) {
    families.revoke(family, clock.instant());
  }

  synchronized Optional<String> familyOf(String token) {
    return families.familyOf(token);
  }

  /** Whether this call of {@code onboardUser} completes the onboarding. */
  synchronized boolean onboard(String family, int rounds) {
    return families.family(family).nextOnboardCall() > rounds;
  }

  synchronized boolean isOnboarded(String family, ProjectAnswers answers) {
    return answers.onboarded() || families.family(family).onboardCalls() > answers.rounds();
  }

  synchronized void begin(Endpoint endpoint, String source, Optional<String> family) {
    calls.add(new ProviderCall(clock.instant(), endpoint, source));
    if (endpoint == Endpoint.TOKEN) {
      calls.up(ALL);
      family.ifPresent(calls::up);
    }
  }

  synchronized void end(Endpoint endpoint, Optional<String> family) {
    if (endpoint == Endpoint.TOKEN) {
      calls.down(ALL);
      family.ifPresent(calls::down);
    }
  }

  /** The families, oldest first. */
  public synchronized List<String> families() {
    return families.ids();
  }

  /**
   * The refresh token that the family's next refresh must present; empty once the family has ended.
   */
  public synchronized Optional<String> liveLeaf(String family) {
    Family found = families.family(family);
    return found.isRevoked() ? Optional.empty() : Optional.of(found.leaf().value);
  }

  /** Whether the family was ended because a spent refresh token came again. */
  public synchronized boolean endedByReuse(String family) {
    return families.family(family).isEndedByReuse();
  }

  /** Every presentation of a refresh token, in the order of the decisions. */
  public synchronized List<Presentation> presentations() {
    return families.presentations().toList();
  }

  /** Those of one family. */
  public synchronized List<Presentation> presentations(String family) {
    return families.presentations().filter(p -> p.family().equals(family)).toList();
  }

  /** Those of refresh tokens that were spent already. */
  public synchronized List<Presentation> reuses() {
    return families.presentations().filter(Presentation::repeated).toList();
  }

  /** Every access token ever issued. */
  public synchronized List<IssuedAccessToken> accessTokens() {
    return families.accessTokens().toList();
  }

  /** Whether the provider's own API would accept this access token at that moment. */
  public synchronized boolean isAccessTokenValid(String token, Instant at) {
    IssuedAccessToken found = families.accessToken(token);
    return found != null && found.isValid(at);
  }

  synchronized boolean isAccessTokenValid(String token) {
    return isAccessTokenValid(token, clock.instant());
  }

  /** Every HTTP call, in the order of arrival. */
  public synchronized List<ProviderCall> calls() {
    return calls.calls();
  }

  /** The number of calls of one endpoint. */
  public long calls(Endpoint endpoint) {
    return stream(endpoint).count();
  }

  private Stream<ProviderCall> stream(Endpoint endpoint) {
    return calls().stream().filter(call -> call.endpoint() == endpoint);
  }

  /** Token calls that have no answer yet. */
  public synchronized int inFlight() {
    return calls.now(ALL);
  }

  /** The most token calls that were ever under way at once. */
  public synchronized int maxInFlight() {
    return calls.most(ALL);
  }

  /** The same for the refresh tokens of one family. */
  public synchronized int maxInFlight(String family) {
    return calls.most(family);
  }

  /** The most token calls that began within any one second. */
  public synchronized int maxPerSecond() {
    return calls.mostWithin(Duration.ofSeconds(1));
  }
}
