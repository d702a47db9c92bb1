package dev.evertoken.domain;

import static dev.evertoken.domain.AccountDraft.NOW;
import static dev.evertoken.domain.AccountDraft.account;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.TokenRules.OldAccessToken;
import dev.evertoken.domain.TokenRules.OnLockHeld;
import dev.evertoken.domain.Verdict.Reason;
import dev.evertoken.domain.Verdict.Refresh;
import dev.evertoken.domain.Verdict.Refuse;
import dev.evertoken.domain.Verdict.Serve;
import dev.evertoken.rig.PlatformDraft;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ServingTest {

  private static final Problem FAILED = Problem.of(ProblemCode.REFRESH_FAILED, "it failed");

  private final Serving serving = serving(OnError.USE_EXISTING);

  private static Serving serving(OnError onError) {
    RefreshPolicy p = RefreshPolicy.DEFAULT;
    RefreshPolicy policy =
        new RefreshPolicy(
            p.window(),
            p.skew(),
            p.cacheSkew(),
            p.safetyMargin(),
            p.requestTimeout(),
            p.connectTimeout(),
            p.tlsTimeout(),
            p.totalTimeout(),
            onError);
    return new Serving(new PlatformDraft().refresh(policy).platform(), NOW, null);
  }

  private static TokenOptions minTtl(Duration ttl) {
    return new TokenOptions(ttl, null, null, null, false, Set.of(), null);
  }

  private static TokenOptions notGeneration(long generation) {
    return new TokenOptions(null, null, generation, null, false, Set.of(), null);
  }

  @Test
  void servesAFreshTokenAsItIs() {
    Verdict verdict = serving.decide(account().build(), TokenOptions.NONE);

    assertThat(verdict).isInstanceOf(Serve.class);
    Serve serve = (Serve) verdict;
    assertThat(serve.refreshBehind()).isFalse();
    assertThat(serve.answer().state()).isEqualTo(TokenState.FRESH);
    assertThat(serve.answer().warnings()).isEmpty();
    assertThat(serve.answer().refreshAfter()).isEqualTo(NOW.plus(Duration.ofMinutes(25)));
  }

  @Test
  void servesATokenInsideTheWindowAndRefreshesBehindIt() {
    Serve serve =
        (Serve) serving.decide(account().left(Duration.ofSeconds(181)).build(), TokenOptions.NONE);

    assertThat(serve.refreshBehind()).isTrue();
    assertThat(serve.answer().state()).isEqualTo(TokenState.STALE);
  }

  @Test
  void refreshesFirstInsideTheSkew() {
    Verdict verdict =
        serving.decide(account().left(Duration.ofMinutes(3)).build(), TokenOptions.NONE);

    assertThat(verdict).isEqualTo(new Refresh(Reason.ENDING));
  }

  @Test
  void refreshesATokenWhoseExpiryCannotBeRead() {
    Verdict verdict = serving.decide(account().expiresAt(null).build(), TokenOptions.NONE);

    assertThat(verdict).isEqualTo(new Refresh(Reason.ENDING));
  }

  @Test
  void refreshesForACallerWhoWantsMoreTimeOrRefusesTheGeneration() {
    assertThat(serving.decide(account().build(), minTtl(Duration.ofMinutes(41))))
        .isEqualTo(new Refresh(Reason.TOO_SHORT));
    assertThat(serving.decide(account().build(), notGeneration(12)))
        .isEqualTo(new Refresh(Reason.REJECTED_BY_CALLER));
    assertThat(serving.decide(account().build(), notGeneration(11))).isInstanceOf(Serve.class);
  }

  @Test
  void neverServesATokenThatWasRefusedUpstream() {
    Account refused = account().rejected(12).build();

    assertThat(serving.decide(refused, TokenOptions.NONE)).isEqualTo(new Refresh(Reason.ENDING));
    assertThat(serving.fallback(refused, TokenOptions.NONE, FAILED)).isEqualTo(new Refuse(FAILED));
  }

  @Test
  void withholdsABenchedAccountUnlessAskedFor() {
    Account benched = account().benched(BenchCause.RATE_LIMITED, Duration.ofMinutes(5)).build();

    Refuse refuse = (Refuse) serving.decide(benched, TokenOptions.NONE);
    assertThat(refuse.problem().code()).isEqualTo(ProblemCode.TEMPORARILY_UNSCHEDULABLE);
    assertThat(refuse.problem().cause()).isEqualTo(BenchCause.RATE_LIMITED);
    assertThat(refuse.problem().until()).isEqualTo(NOW.plus(Duration.ofMinutes(5)));

    Serve all =
        (Serve)
            serving.decide(benched, new TokenOptions(null, null, null, null, true, Set.of(), null));
    assertThat(all.answer().warnings())
        .extracting(Warning::code)
        .containsExactly(Warning.Code.BENCHED);
  }

  @Test
  void aFailedRefreshWithholdsNothingThatIsValid() {
    Account failing =
        account()
            .left(Duration.ofMinutes(1))
            .benched(BenchCause.REFRESH_FAILED, Duration.ofMinutes(10))
            .build();

    Serve serve = (Serve) serving.decide(failing, TokenOptions.NONE);

    assertThat(serve.answer().state()).isEqualTo(TokenState.STALE);
    assertThat(serve.answer().warnings())
        .extracting(Warning::code)
        .containsExactly(Warning.Code.REFRESH_FAILED);
  }

  @Test
  void returnsTheErrorInsideTheSkewWhereThePlatformWantsIt() {
    Account ending = account().left(Duration.ofMinutes(1)).build();
    Account early = account().left(Duration.ofMinutes(10)).build();
    Serving strict = serving(OnError.RETURN);

    assertThat(strict.fallback(ending, TokenOptions.NONE, FAILED)).isEqualTo(new Refuse(FAILED));
    assertThat(strict.fallback(early, TokenOptions.NONE, FAILED)).isInstanceOf(Serve.class);
  }

  @Test
  void withoutAValidTokenAFailedRefreshCoolsDown() {
    Account failed =
        account()
            .left(Duration.ZERO)
            .benched(BenchCause.REFRESH_FAILED, Duration.ofMinutes(10))
            .build();

    Refuse refuse = (Refuse) serving.decide(failed, TokenOptions.NONE);

    assertThat(refuse.problem().code()).isEqualTo(ProblemCode.TEMPORARILY_UNSCHEDULABLE);
    assertThat(refuse.problem().retryAfter()).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void anErrorServesItsLastTokenAndThenAsksForAPerson() {
    Serve last =
        (Serve) serving.decide(account().status(AccountStatus.ERROR).build(), TokenOptions.NONE);
    assertThat(last.answer().warnings())
        .extracting(Warning::code)
        .containsExactly(Warning.Code.REAUTHORIZATION_REQUIRED);

    Refuse refuse =
        (Refuse)
            serving.decide(
                account().status(AccountStatus.ERROR).left(Duration.ZERO).build(),
                TokenOptions.NONE);
    assertThat(refuse.problem().code()).isEqualTo(ProblemCode.REAUTHORIZATION_REQUIRED);
  }

  @Test
  void refusesADisabledAccountAndAnotherPlatform() {
    Refuse disabled =
        (Refuse)
            serving.decide(account().status(AccountStatus.DISABLED).build(), TokenOptions.NONE);
    assertThat(disabled.problem().code()).isEqualTo(ProblemCode.ACCOUNT_DISABLED);

    Refuse guarded =
        (Refuse)
            serving.decide(
                account().build(),
                new TokenOptions(null, null, null, "other", false, Set.of(), null));
    assertThat(guarded.problem().errors().getFirst().pointer()).isEqualTo("/platform");
  }

  @Test
  void servesAStaticKeyAndNamesAMissingOne() {
    Serve serve = (Serve) serving.decide(account().staticKey("K").build(), TokenOptions.NONE);
    assertThat(serve.answer().tokenType()).isEqualTo("ApiKey");
    assertThat(serve.answer().expiresAt()).isNull();

    for (String missing : new String[] {null, "", "  "}) {
      Refuse refuse =
          (Refuse) serving.decide(account().staticKey(missing).build(), TokenOptions.NONE);
      assertThat(refuse.problem().code()).isEqualTo(ProblemCode.INVALID);
      assertThat(refuse.problem().errors().getFirst().pointer()).isEqualTo("/credentials/api_key");
    }
  }

  @Test
  void aDemandThatNoRefreshCanMeetIsImpossible() {
    Account account = account().build();

    assertThat(serving.unattainable(account, minTtl(Duration.ofMinutes(55)))).isEmpty();
    assertThat(serving.unattainable(account, minTtl(Duration.ofMinutes(56)))).isPresent();
    assertThat(serving.unattainable(account().lifetime(null).build(), minTtl(Duration.ofDays(1))))
        .isEmpty();
  }

  @Property
  void noPathServesATokenAtOrAfterItsExpiry(
      @ForAll @LongRange(min = -7200, max = 7200) long leftSeconds,
      @ForAll boolean benched,
      @ForAll boolean error,
      @ForAll boolean strict) {
    AccountDraft draft = account().left(Duration.ofSeconds(leftSeconds));
    if (benched) {
      draft.benched(BenchCause.REFRESH_FAILED, Duration.ofMinutes(1));
    }
    if (error) {
      draft.status(AccountStatus.ERROR);
    }
    Account account = draft.build();
    Serving rules = serving(strict ? OnError.RETURN : OnError.USE_EXISTING);

    for (Verdict verdict :
        new Verdict[] {
          rules.decide(account, TokenOptions.NONE),
          rules.fallback(account, TokenOptions.NONE, FAILED)
        }) {
      if (verdict instanceof Serve serve) {
        Instant expiresAt = serve.answer().expiresAt();
        assertThat(expiresAt).isNotNull().isAfter(NOW);
      }
    }
  }

  private static Serving serving(TokenRules rules) {
    Dialect dialect = new Dialect(RequestForm.DEFAULT, AnswerShape.DEFAULT, rules);
    return new Serving(new PlatformDraft().platform().withDialect(dialect), NOW, null);
  }

  private static TokenRules rules(OldAccessToken old, OnLockHeld held) {
    return new TokenRules(old, Duration.ZERO, held, Duration.ofMinutes(15));
  }

  @Test
  void aTokenIsOfTheTypeThatItsProviderNames() {
    Serve serve = (Serve) serving.decide(account().tokenType("bot").build(), TokenOptions.NONE);

    assertThat(serve.answer().tokenType()).isEqualTo("bot");
  }

  @Test
  void anUnreadAnswerRefusesWhereNoTokenIsValidAndStartsNoRefresh() {
    Account unread =
        account().unreadableSince(NOW.minusSeconds(60)).left(Duration.ofSeconds(-1)).build();

    Refuse refuse = (Refuse) serving.decide(unread, TokenOptions.NONE);

    assertThat(refuse.problem().code()).isEqualTo(ProblemCode.OUTCOME_UNKNOWN);
    assertThat(refuse.problem().cause()).isEqualTo(BenchCause.OUTCOME_UNKNOWN);
    assertThat(serving.refreshable(unread)).isFalse();
  }

  @Test
  void anUnreadAnswerWithholdsNoValidToken() {
    for (Duration left : List.of(Duration.ofMinutes(40), Duration.ofMinutes(2))) {
      Account unread = account().unreadableSince(NOW.minusSeconds(60)).left(left).build();

      Serve serve = (Serve) serving.decide(unread, TokenOptions.NONE);

      assertThat(serve.refreshBehind()).isFalse();
      assertThat(serve.answer().state()).isEqualTo(TokenState.STALE);
      assertThat(serve.answer().warnings())
          .extracting(Warning::code)
          .containsExactly(Warning.Code.OUTCOME_UNKNOWN);
    }
  }

  @Test
  void aRestAfterAnUnknownOutcomeIsToldAsSuch() {
    Account unknown =
        account()
            .unknownSince(NOW.minusSeconds(60))
            .restsUntil(NOW.plusSeconds(60))
            .left(Duration.ofSeconds(-1))
            .build();

    Refuse refuse = (Refuse) serving.decide(unknown, TokenOptions.NONE);

    assertThat(refuse.problem().code()).isEqualTo(ProblemCode.OUTCOME_UNKNOWN);
    assertThat(refuse.problem().until()).isEqualTo(NOW.plusSeconds(60));
  }

  @Test
  void aTokenThatDiesAtItsRefreshFallsDueInTheLastTenth() {
    Serving dies = serving(rules(OldAccessToken.DIES, OnLockHeld.WAIT));
    Account early = account().left(Duration.ofMinutes(7)).build();

    Serve serve = (Serve) dies.decide(early, TokenOptions.NONE);

    assertThat(serve.refreshBehind()).isFalse();
    assertThat(serve.answer().refreshAfter()).isEqualTo(NOW.plus(Duration.ofMinutes(1)));
    Account late = account().left(Duration.ofMinutes(6)).build();
    assertThat(((Serve) dies.decide(late, TokenOptions.NONE)).refreshBehind()).isTrue();
  }

  @Test
  void aValidTokenIsUsedMeanwhileOnlyWhereTheTemplateSaysSo() {
    Serving waits = serving(rules(OldAccessToken.LIVES, OnLockHeld.WAIT));
    Serving uses = serving(rules(OldAccessToken.LIVES, OnLockHeld.USE_EXISTING));
    Account ending = account().left(Duration.ofMinutes(2)).build();

    assertThat(waits.meanwhile(ending, TokenOptions.NONE)).isEmpty();
    TokenAnswer answer = uses.meanwhile(ending, TokenOptions.NONE).orElseThrow().answer();
    assertThat(answer.state()).isEqualTo(TokenState.STALE);
    assertThat(answer.warnings())
        .extracting(Warning::code)
        .containsExactly(Warning.Code.REFRESH_RUNNING);
    assertThat(uses.meanwhile(ending, notGeneration(12))).isEmpty();
    Account ended = account().left(Duration.ofSeconds(-1)).build();
    assertThat(uses.meanwhile(ended, TokenOptions.NONE)).isEmpty();
  }
}
