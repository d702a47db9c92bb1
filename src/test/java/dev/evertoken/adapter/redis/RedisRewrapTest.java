package dev.evertoken.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.port.Sealer;
import dev.evertoken.rig.Interfering;
import dev.evertoken.rig.SharedServers;
import dev.evertoken.wire.Samples;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisClientType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class RedisRewrapTest {

  private static final String KEY = "evertoken:inst:{7}";

  private final Vertx vertx = Vertx.vertx();
  private final TinkSealer sealer = new TinkSealer(Keyset.generate());
  private final String uri = SharedServers.freshRedis();
  private final RawRedis redis = new RawRedis(vertx, uri);
  private final RedisTokenCache cache = cache(sealer);
  private final Vertx elsewhere = Vertx.vertx();
  private final RawRedis outside = new RawRedis(elsewhere, uri);

  @BeforeEach
  void connect() {
    redis.say("FLUSHDB");
    cache.start().await();
  }

  @AfterEach
  void close() {
    vertx.close().await();
    elsewhere.close().await();
  }

  /** Somebody else's command, done when it returns; on the event loop of the cache too. */
  private void meanwhile(String command, Object... arguments) {
    CompletableFuture.runAsync(() -> outside.say(command, arguments)).join();
  }

  private RedisTokenCache cache(Sealer with) {
    RedisTarget target = RedisTarget.of(uri, RedisClientType.STANDALONE);
    return new RedisTokenCache(vertx, target, "inst", with, Duration.ofSeconds(20));
  }

  private void exchangeKeys() {
    sealer.use(sealer.keyset().rotated().promoted());
  }

  @Test
  @DisplayName("83 entries come under the primary key in place, and live no longer")
  void reseals() {
    List<Long> ids = LongStream.rangeClosed(1, 120).boxed().toList();
    ids.forEach(id -> cache.put(Samples.account(id, 12), Duration.ofSeconds(60)).await());
    cache.remove(121, 5).await();
    exchangeKeys();

    assertThat(cache.reseal(LongStream.rangeClosed(1, 130).boxed().toList()).await())
        .isEqualTo(120);
    assertThat(cache.reseal(ids).await()).isZero();

    sealer.use(sealer.keyset().pruned());
    for (long id : ids) {
      assertThat(cache.get(id).await()).contains(Samples.account(id, 12));
    }
    assertThat(Long.parseLong(redis.text("PTTL", KEY))).isBetween(1L, 60_000L);
    assertThat(redis.text("HGET", "evertoken:inst:{121}", "gone")).isEqualTo("1");
  }

  @Test
  @DisplayName("83 an entry that is written or removed in between stays so")
  void undoesNoWrite() {
    cache.put(Samples.account(7, 12), Duration.ofSeconds(60)).await();
    exchangeKeys();
    RedisTokenCache late =
        cache(
            new Interfering(
                sealer, () -> meanwhile("HSET", KEY, "sealed", "another", "rev", "13")));
    late.start().await();
    late.reseal(List.of(7L)).await();
    assertThat(redis.text("HGET", KEY, "sealed")).isEqualTo("another");

    cache.put(Samples.account(7, 14), Duration.ofSeconds(60)).await();
    sealer.use(sealer.keyset().rotated().promoted());
    RedisTokenCache later = cache(new Interfering(sealer, () -> meanwhile("DEL", KEY)));
    later.start().await();
    later.reseal(List.of(7L)).await();
    assertThat(redis.text("EXISTS", KEY)).isEqualTo("0");
  }

  @Test
  @DisplayName("83 what no key opens goes")
  void drops() {
    RedisTokenCache alien = cache(new TinkSealer(Keyset.generate()));
    alien.start().await();
    alien.put(Samples.account(7, 12), Duration.ofSeconds(60)).await();

    assertThat(cache.reseal(List.of(7L)).await()).isEqualTo(1);

    assertThat(redis.text("EXISTS", KEY)).isEqualTo("0");
  }

  @Test
  @DisplayName("83 without Redis a rewrap is refused, to be tried again")
  void away() {
    cache.close().await();

    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> cache.reseal(List.of(7L)).await());

    assertThat(refused.problem().code()).isEqualTo(ProblemCode.STORAGE_UNAVAILABLE);
    assertThat(cache.get(7).await()).map(Account::id).isEmpty();
  }
}
