package dev.evertoken.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.domain.Account;
import dev.evertoken.rig.Await;
import dev.evertoken.wire.Samples;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisClientType;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The cache over a Redis cluster, and over a master that sentinels know. */
class RedisModesTest {

  private static final Duration TTL = Duration.ofMinutes(10);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void worksOverACluster() throws Exception {
    String settings = "cluster-enabled yes\ncluster-announce-ip 127.0.0.1\n";
    try (RedisProcess one = RedisProcess.start(settings);
        RedisProcess two = RedisProcess.start(settings)) {
      RawRedis first = new RawRedis(vertx, one.uri());
      RawRedis second = new RawRedis(vertx, two.uri());
      first.say("CLUSTER", slots(0, 8192));
      second.say("CLUSTER", slots(8192, 16384));
      first.say("CLUSTER", "MEET", "127.0.0.1", String.valueOf(two.port()));
      for (RawRedis node : new RawRedis[] {first, second}) {
        Await.until("the cluster stands", () -> node.text("CLUSTER", "INFO").contains("state:ok"));
      }

      moves(RedisTarget.of(one.uri() + "," + two.uri(), RedisClientType.CLUSTER));

      assertThat(first.text("DBSIZE")).isNotEqualTo("0");
      assertThat(second.text("DBSIZE")).isNotEqualTo("0");
    }
  }

  @Test
  void worksOverSentinels() throws Exception {
    try (RedisProcess master = RedisProcess.start("");
        RedisProcess sentinel =
            RedisProcess.start(
                "sentinel monitor main 127.0.0.1 %d 1\n".formatted(master.port()), "--sentinel")) {

      moves(RedisTarget.of(sentinel.uri() + "?master=main", RedisClientType.SENTINEL));

      assertThat(new RawRedis(vertx, master.uri()).text("DBSIZE")).isNotEqualTo("0");
    }
  }

  private void moves(RedisTarget target) {
    RedisTokenCache cache =
        new RedisTokenCache(vertx, target, "inst", new TinkSealer(Keyset.generate()));
    cache.start().await();
    assertThat(cache.up()).isTrue();
    for (long id = 1; id <= 20; id++) {
      cache.put(Samples.account(id, 12), TTL).await();
      cache.put(Samples.account(id, 11), TTL).await();
      assertThat(cache.get(id).await()).map(Account::revision).contains(12L);
    }
    cache.remove(20, 12).await();
    assertThat(cache.get(20).await()).isEmpty();
    assertThat(cache.refusedEntries()).isZero();
    cache.close().await();
  }

  private static Object[] slots(int from, int to) {
    return IntStream.concat(IntStream.of(-1), IntStream.range(from, to))
        .mapToObj(slot -> slot < 0 ? "ADDSLOTS" : String.valueOf(slot))
        .toArray();
  }
}
