package dev.evertoken.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.app.AccountReader.Read;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountDraft;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.TokenSource;
import dev.evertoken.memory.MemoryTokenCache;
import dev.evertoken.port.AccountStore;
import dev.evertoken.sim.VirtualTime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a copy in memory is checked. */
final class RevalidationTest {

  private static final Duration MAX_AGE = Duration.ofSeconds(10);
  private static final Duration MAX_OUTAGE = Duration.ofMinutes(5);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration TICK = Duration.ofMillis(1);

  private final VirtualTime time = new VirtualTime();
  private final MemoryTokenCache.Link redis = new MemoryTokenCache(time).link();
  private int rowsRead;
  private Supplier<Future<Optional<Account>>> row =
      () -> Future.succeededFuture(Optional.of(revision(4)));
  private final AccountReader reader =
      new AccountReader(
          new NearCache(time, MAX_AGE, MAX_OUTAGE, 100),
          redis,
          store(),
          new Platforms(Map.of()),
          time,
          time);

  private AccountStore store() {
    return (AccountStore)
        Proxy.newProxyInstance(
            AccountStore.class.getClassLoader(),
            new Class<?>[] {AccountStore.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("find");
              rowsRead++;
              return row.get();
            });
  }

  private static Account revision(long revision) {
    return AccountDraft.account().id(1).revision(revision).left(Duration.ofMinutes(40)).build();
  }

  private static Future<Optional<Account>> away() {
    return Future.failedFuture(Problem.of(ProblemCode.STORAGE_UNAVAILABLE, "away").exception());
  }

  private static Future<Optional<Account>> silent() {
    return Promise.<Optional<Account>>promise().future();
  }

  /** Redis is away for the whole test, so that PostgreSQL is what is asked. */
  private void warm() {
    redis.up(false);
    time.get(reader.read(1));
    assertThat(rowsRead).isOne();
  }

  private void assertFromMemory(Future<Read> read, long revision) {
    assertThat(read.succeeded()).isTrue();
    assertThat(read.result().source()).isEqualTo(TokenSource.NEAR);
    assertThat(read.result().account().revision()).isEqualTo(revision);
  }

  @Test
  void aYoungCopyIsNotChecked() {
    warm();
    time.advance(MAX_AGE.dividedBy(2));

    assertFromMemory(reader.read(1), 4);
    time.settle();

    assertThat(rowsRead).isOne();
  }

  @Test
  void anAgeingCopyIsServedAtOnceAndCheckedBehindTheAnswerOnce() {
    warm();
    Promise<Optional<Account>> checked = Promise.promise();
    row = checked::future;
    time.advance(MAX_AGE.dividedBy(2).plus(TICK));

    List<Future<Read>> asks = Stream.generate(() -> reader.read(1)).limit(50).toList();
    time.settle();

    assertThat(asks).allSatisfy(ask -> assertFromMemory(ask, 4));
    assertThat(rowsRead).isEqualTo(2);
    checked.complete(Optional.of(revision(5)));
    time.settle();
    assertFromMemory(reader.read(1), 5);
    time.advance(MAX_AGE.dividedBy(2));
    assertFromMemory(reader.read(1), 5);
    time.settle();
    assertThat(rowsRead).as("it is young again").isEqualTo(2);
  }

  @Test
  void aCopyThatIsTooOldIsCheckedBeforeTheAnswer() {
    warm();
    row = () -> Future.succeededFuture(Optional.of(revision(5)));
    time.advance(MAX_AGE.plus(TICK));

    assertThat(time.get(reader.read(1)).account().revision()).isEqualTo(5);
  }

  @Test
  void callersWaitASecondForStoresThatDoNotAnswerAllTogether() {
    warm();
    row = RevalidationTest::silent;
    time.advance(MAX_AGE.plus(TICK));

    Future<Read> first = reader.read(1);
    time.advance(SECOND.minus(TICK));
    Future<Read> second = reader.read(1);
    assertThat(first.isComplete()).isFalse();
    time.advance(TICK);

    assertFromMemory(first, 4);
    assertFromMemory(second, 4);
    assertFromMemory(reader.read(1), 4);
    assertThat(rowsRead).isEqualTo(2);
  }

  @Test
  void aCopyIsServedForTheMaxOutageAndNoLonger() {
    warm();
    row = RevalidationTest::away;
    time.advance(MAX_OUTAGE);
    assertFromMemory(reader.read(1), 4);
    time.advance(TICK);

    assertThat(time.failure(reader.read(1))).hasMessageContaining("away");
  }

  @Test
  void aCopyLosesToARevisionThatIsHeardOfDuringTheCheck() {
    warm();
    Promise<Optional<Account>> checked = Promise.promise();
    row = checked::future;
    time.advance(MAX_AGE.plus(TICK));
    Future<Read> read = reader.read(1);

    reader.heardOf(1, 5);
    time.advance(SECOND.multipliedBy(3));
    assertThat(read.isComplete()).as("there is nothing to serve").isFalse();
    checked.complete(Optional.of(revision(5)));

    assertThat(time.get(read).account().revision()).isEqualTo(5);
  }

  @Test
  void aLateCheckDoesNotBringAnOlderRevisionBack() {
    warm();
    Promise<Optional<Account>> checked = Promise.promise();
    row = checked::future;
    time.advance(MAX_AGE.dividedBy(2).plus(TICK));
    assertFromMemory(reader.read(1), 4);
    time.settle();

    reader.heardOf(1, 6);
    checked.complete(Optional.of(revision(4)));
    time.settle();

    assertThat(near()).isNull();
  }

  private @Nullable Account near() {
    return reader.near(1);
  }
}
