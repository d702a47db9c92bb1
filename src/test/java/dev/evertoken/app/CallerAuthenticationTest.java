package dev.evertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.KeyStore.NewKey;
import dev.evertoken.rig.FakeKeys;
import dev.evertoken.rig.ManualTime;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How long a key is trusted, with and without PostgreSQL. */
final class CallerAuthenticationTest {

  private final ManualTime time = new ManualTime();
  private final FakeKeys keys = new FakeKeys(time);
  private final CallerAuthentication callers =
      new CallerAuthentication(keys, Secret.of("a".repeat(32)), time, Duration.ofMinutes(5));

  private static ProblemCode refusal(Future<Caller> caller) {
    assertThat(caller.failed()).isTrue();
    return ((ProblemException) caller.cause()).problem().code();
  }

  @Test
  void aKnownKeyAsksNobody() {
    Secret key = keys.with(Scope.TOKEN_READ);
    for (int i = 0; i < 100; i++) {
      assertThat(callers.authenticate(key).result().actor()).isEqualTo("key:1");
    }
    assertThat(keys.asked).hasValue(1);
  }

  @Test
  void aDeletedKeyEndsWithinFiveSecondsElsewhere() {
    Secret key = keys.with(Scope.TOKEN_READ);
    callers.authenticate(key);
    keys.delete(1);
    time.advance(CallerAuthentication.TRUSTED);
    assertThat(refusal(callers.authenticate(key))).isEqualTo(ProblemCode.UNAUTHENTICATED);
  }

  @Test
  void aDeletedKeyEndsAtOnceWhereItWasDeleted() {
    Secret key = keys.with(Scope.TOKEN_READ);
    callers.authenticate(key);
    keys.delete(1);
    callers.forget(1);
    assertThat(refusal(callers.authenticate(key))).isEqualTo(ProblemCode.UNAUTHENTICATED);
  }

  @Test
  void anAnswerThatWasUnderWayWhenTheKeyWasDeletedBringsItNotBack() {
    Secret key = keys.with(Scope.TOKEN_READ);
    callers.forget(1);
    assertThat(refusal(callers.authenticate(key))).isEqualTo(ProblemCode.UNAUTHENTICATED);
  }

  @Test
  void aKeyInUseIsAskedForAheadOfTimeSoThatNobodyWaits() {
    Secret key = keys.with(Scope.TOKEN_READ);
    callers.authenticate(key);
    time.advance(Duration.ofSeconds(4));
    assertThat(callers.authenticate(key).succeeded()).isTrue();
    assertThat(keys.asked).hasValue(2);
    time.advance(Duration.ofSeconds(2));
    assertThat(callers.authenticate(key).succeeded()).isTrue();
    assertThat(keys.asked).hasValue(2);
  }

  @Test
  void aKnownKeyWorksWhilePostgresIsDownUpToTheLimit() {
    Secret key = keys.with(Scope.TOKEN_READ);
    callers.authenticate(key);
    keys.down(true);
    time.advance(Duration.ofMinutes(4));
    assertThat(callers.authenticate(key).succeeded()).isTrue();
    time.advance(Duration.ofMinutes(1));
    assertThat(refusal(callers.authenticate(key))).isEqualTo(ProblemCode.STORAGE_UNAVAILABLE);
  }

  @Test
  void whilePostgresIsDownItIsAskedOnceASecondAtTheMost() {
    Secret key = keys.with(Scope.TOKEN_READ);
    callers.authenticate(key);
    keys.down(true);
    time.advance(Duration.ofMinutes(1));
    callers.authenticate(key);
    int asked = keys.asked.get();
    for (int i = 0; i < 100; i++) {
      assertThat(callers.authenticate(key).succeeded()).isTrue();
    }
    assertThat(keys.asked).hasValue(asked);
  }

  @Test
  void aDeletedKeyEndsAsSoonAsPostgresIsBack() {
    Secret key = keys.with(Scope.TOKEN_READ);
    callers.authenticate(key);
    keys.delete(1);
    keys.down(true);
    time.advance(Duration.ofSeconds(30));
    callers.authenticate(key);
    keys.down(false);
    time.advance(Duration.ofSeconds(1));
    callers.authenticate(key);
    assertThat(refusal(callers.authenticate(key))).isEqualTo(ProblemCode.UNAUTHENTICATED);
  }

  @Test
  void anExpiredKeyEndsOnTimeEvenWhilePostgresIsDown() {
    NewKey shortLived =
        new NewKey(
            "k", Set.of(Scope.TOKEN_READ), Set.of(), Set.of(), time.instant().plusSeconds(2), null);
    Secret key = keys.create(shortLived).result().secret();
    callers.authenticate(key);
    keys.down(true);
    time.advance(Duration.ofSeconds(2));
    assertThat(refusal(callers.authenticate(key))).isEqualTo(ProblemCode.UNAUTHENTICATED);
  }

  @Test
  void aWrongSecretDoesNotPushTheRightOneOut() {
    Secret key = keys.with(Scope.TOKEN_READ);
    callers.authenticate(key);
    assertThat(refusal(callers.authenticate(Secret.of("evt_1_wrong"))))
        .isEqualTo(ProblemCode.UNAUTHENTICATED);
    keys.down(true);
    assertThat(callers.authenticate(key).succeeded()).isTrue();
  }

  @Test
  void aKeyWithARateGetsThatManyCallsASecond() {
    NewKey limited =
        new NewKey("k", Set.of(Scope.TOKEN_READ), Set.of(), Set.of(), null, Integer.valueOf(3));
    Secret key = keys.create(limited).result().secret();
    for (int i = 0; i < 3; i++) {
      assertThat(callers.authenticate(key).succeeded()).isTrue();
    }
    assertThat(refusal(callers.authenticate(key))).isEqualTo(ProblemCode.RATE_LIMITED);
    time.advance(Duration.ofMillis(334));
    assertThat(callers.authenticate(key).succeeded()).isTrue();
    assertThat(refusal(callers.authenticate(key))).isEqualTo(ProblemCode.RATE_LIMITED);
  }

  @Test
  void aKeyThatIsAskedForAgainGetsNoMoreCallsForIt() {
    NewKey limited =
        new NewKey("k", Set.of(Scope.TOKEN_READ), Set.of(), Set.of(), null, Integer.valueOf(3));
    Secret key = keys.create(limited).result().secret();
    callers.authenticate(key);
    time.advance(Duration.ofMillis(2900));
    for (int i = 0; i < 3; i++) {
      assertThat(callers.authenticate(key).succeeded()).isTrue();
    }
    time.advance(Duration.ofMillis(100));
    for (int i = 0; i < 3; i++) {
      assertThat(refusal(callers.authenticate(key))).isEqualTo(ProblemCode.RATE_LIMITED);
    }
    assertThat(keys.asked).hasValue(2);
  }
}
