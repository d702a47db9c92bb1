package dev.evertoken.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.Sealer;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.SharedServers;
import dev.evertoken.wire.Samples;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RedisTokenCacheTest {

  private static final Duration TTL = Duration.ofMinutes(10);
  private static final String KEY = "evertoken:inst:{7}";

  private final Vertx vertx = Vertx.vertx();
  private final Sealer sealer = new TinkSealer(Keyset.generate());
  private final String uri = SharedServers.freshRedis();
  private final RawRedis redis = new RawRedis(vertx, uri);
  private final RedisTokenCache cache = cache("inst", sealer);

  @BeforeEach
  void connect() {
    redis.say("FLUSHDB");
    cache.start().await();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void answersTheWholeAccountAsItWasWritten() {
    Account account = Samples.account(7, 12);

    cache.put(account, TTL).await();

    assertThat(get(7)).contains(account);
    assertThat(cache.up()).isTrue();
    assertThat(cache.refusedEntries()).isZero();
  }

  @Test
  void missesWhatIsNotThere() {
    assertThat(get(7)).isEmpty();
  }

  @Test
  void anOlderRevisionNeverReplacesANewerOne() {
    cache.put(Samples.account(7, 12), TTL).await();

    cache.put(Samples.account(7, 11), TTL).await();

    assertThat(get(7)).map(Account::revision).contains(12L);
  }

  @Test
  void aNewerRevisionReplacesAnOlderOneAndItsTimeToLive() {
    cache.put(Samples.account(7, 12), Duration.ofHours(1)).await();

    cache.put(Samples.account(7, 13), Duration.ofSeconds(60)).await();

    assertThat(get(7)).map(Account::revision).contains(13L);
    assertThat(Long.parseLong(redis.text("PTTL", KEY))).isBetween(1L, 60_000L);
  }

  @Test
  void aTombstoneStopsEverythingUpToItsRevision() {
    cache.put(Samples.account(7, 12), TTL).await();

    cache.remove(7, 12).await();
    assertThat(get(7)).isEmpty();
    cache.put(Samples.account(7, 12), TTL).await();
    assertThat(get(7)).isEmpty();
    cache.put(Samples.account(7, 13), TTL).await();
    assertThat(get(7)).map(Account::revision).contains(13L);
  }

  @Test
  void aTombstoneIsLeftWhereNothingWasAndStaysForHours() {
    cache.remove(7, 12).await();

    cache.put(Samples.account(7, 11), TTL).await();

    assertThat(get(7)).isEmpty();
    assertThat(Long.parseLong(redis.text("PTTL", KEY))).isGreaterThan(7_000_000L);
  }

  @Test
  void aTombstoneOfAnOlderRevisionLeavesTheNewerEntry() {
    cache.put(Samples.account(7, 12), TTL).await();

    cache.remove(7, 11).await();

    assertThat(get(7)).map(Account::revision).contains(12L);
  }

  @Test
  void anEntryEndsWithItsTimeToLive() {
    cache.put(Samples.account(7, 12), Duration.ofMillis(1)).await();

    Await.until("the entry has ended", () -> get(7).isEmpty());
  }

  @Test
  void anEntryThatWasChangedIsAMissAndGoes() {
    for (String field : new String[] {"sealed", "bench", "rev"}) {
      cache.put(Samples.account(7, 12), TTL).await();
      long before = cache.refusedEntries();
      redis.say("HSET", KEY, field, field.equals("rev") ? "99" : "[]");

      assertThat(get(7)).as(field).isEmpty();
      assertThat(cache.refusedEntries()).isEqualTo(before + 1);
      Await.until("it is gone", () -> redis.text("EXISTS", KEY).equals("0"));
    }
    cache.put(Samples.account(7, 12), TTL).await();
    assertThat(get(7)).isPresent();
  }

  @Test
  @DisplayName("53: two accounts, even of one project, never get each other's entry")
  void swappedEntriesDoNotOpen() {
    cache.put(Samples.account(7, 12), TTL).await();
    cache.put(Samples.account(8, 12), TTL).await();
    redis.say("RENAME", KEY, "spare");
    redis.say("RENAME", "evertoken:inst:{8}", KEY);
    redis.say("RENAME", "spare", "evertoken:inst:{8}");

    assertThat(get(7)).isEmpty();
    assertThat(get(8)).isEmpty();
    assertThat(cache.refusedEntries()).isEqualTo(2);
  }

  @Test
  @DisplayName("99: another installation sees nothing, even where the entry is moved to its key")
  void anotherInstallationOpensNothing() {
    cache.put(Samples.account(7, 12), TTL).await();
    RedisTokenCache other = cache("other", sealer);
    other.start().await();

    assertThat(other.get(7).await()).isEmpty();
    redis.say("RENAME", KEY, "evertoken:other:{7}");
    assertThat(other.get(7).await()).isEmpty();
    assertThat(other.refusedEntries()).isEqualTo(1);
  }

  @Test
  void anEntryOfAnUnknownKeyIsAMiss() {
    RedisTokenCache other = cache("inst", new TinkSealer(Keyset.generate()));
    other.start().await();
    other.put(Samples.account(7, 12), TTL).await();

    assertThat(get(7)).isEmpty();
  }

  @Test
  void aValueOfAnotherKindIsAMissAndIsReplaced() {
    redis.say("SET", KEY, "text");
    assertThat(get(7)).isEmpty();
    Await.until("it is gone", () -> redis.text("EXISTS", KEY).equals("0"));

    redis.say("SET", KEY, "text");
    cache.put(Samples.account(7, 12), TTL).await();
    cache.put(Samples.account(7, 12), TTL).await();

    assertThat(get(7)).isPresent();
    assertThat(cache.up()).isTrue();
  }

  @Test
  void aServerThatForgotTheScriptIsTaughtAgain() {
    cache.put(Samples.account(7, 12), TTL).await();
    redis.say("SCRIPT", "FLUSH");

    cache.put(Samples.account(7, 13), TTL).await();

    assertThat(get(7)).map(Account::revision).contains(13L);
  }

  @Test
  void passesOverFieldsThatALaterVersionAdds() {
    Account account = Samples.account(7, 12);
    String bench = BenchesCodec.encode(account.benches());
    String plain = AccountCodec.encode(account).reveal();
    Secret later = Secret.of("{\"surplus\":[1]," + plain.substring(1));
    byte[] sealed = sealer.seal(later, "inst|7|cache|12|" + bench);
    redis.say("HSET", KEY, "rev", "12", "bench", bench, "more", "x");
    redis.say("HSET", KEY, "sealed", Buffer.buffer(sealed));

    assertThat(get(7)).contains(account);
  }

  @Test
  @DisplayName("75: a dump of Redis holds no token")
  void aDumpHoldsNoToken() {
    cache.put(Samples.account(7, 12), TTL).await();

    Response all = redis.say("HGETALL", KEY);

    StringBuilder dump = new StringBuilder();
    for (String field : Objects.requireNonNull(all).getKeys()) {
      dump.append(field).append('=');
      dump.append(all.get(field).toString(StandardCharsets.ISO_8859_1)).append('\n');
    }
    assertThat(dump).contains("rev=12", "rate_limited").doesNotContain("canary", "blue@");
  }

  private RedisTokenCache cache(String installation, Sealer keys) {
    return new RedisTokenCache(
        vertx, RedisTarget.of(uri, RedisClientType.STANDALONE), installation, keys);
  }

  private Optional<Account> get(long id) {
    return cache.get(id).await();
  }
}
