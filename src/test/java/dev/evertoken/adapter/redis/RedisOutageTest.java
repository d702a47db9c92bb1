package dev.evertoken.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.dev.LocalRedis;
import dev.evertoken.domain.Account;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Scratch;
import dev.evertoken.wire.Samples;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisClientType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server that dies, freezes or refuses does to the cache. */
class RedisOutageTest {

  private static final Duration TTL = Duration.ofMinutes(10);
  private static final LocalRedis server = started();

  private final Vertx vertx = Vertx.vertx();
  private final TinkSealer sealer = new TinkSealer(Keyset.generate());
  private final RedisTokenCache cache = cache(server.uri());

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @BeforeEach
  void connect() {
    new RawRedis(vertx, server.uri()).say("FLUSHALL");
    cache.start().await();
    assertThat(cache.up()).isTrue();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void aFrozenServerIsAMissAtOnceAfterTheFirstDeadline() throws Exception {
    cache.put(Samples.account(7, 12), TTL).await();
    signal("STOP");
    try {
      var burst = IntStream.range(0, 300).mapToObj(i -> cache.get(7)).toList();
      Future.all(burst).await(5, TimeUnit.SECONDS);
      assertThat(burst).allMatch(miss -> miss.result().isEmpty());
      assertThat(cache.up()).isFalse();

      // While it counts as away, nothing is sent: the answer is there when the call returns.
      assertThat(cache.get(7).isComplete()).isTrue();
      assertThat(cache.put(Samples.account(7, 13), TTL).isComplete()).isTrue();
    } finally {
      signal("CONT");
    }
    Await.until("redis is used again", cache::up);
    assertThat(get()).isEmpty();
    cache.put(Samples.account(7, 13), TTL).await();
    assertThat(get()).map(Account::revision).contains(13L);
  }

  @Test
  void aFrozenServerIsNoticedAlsoWhenNobodyAsks() throws Exception {
    signal("STOP");
    try {
      Await.until("redis counts as away", () -> !cache.up());
    } finally {
      signal("CONT");
    }
    Await.until("redis is used again", cache::up);
  }

  @Test
  void aKilledServerIsUsedAgainAfterItsRestart() throws Exception {
    server.kill();
    Await.until("redis counts as away", () -> !cache.up());
    assertThat(get()).isEmpty();
    assertThat(cache.put(Samples.account(7, 12), TTL).isComplete()).isTrue();

    server.startAgain();
    Await.until("redis is used again", cache::up);

    cache.put(Samples.account(7, 12), TTL).await();
    assertThat(get()).map(Account::revision).contains(12L);
  }

  @Test
  void whatWasNotReplacedDuringAnOutageIsGoneAfterIt() throws Exception {
    cache.put(Samples.account(7, 12), TTL).await();
    server.kill();
    Await.until("redis counts as away", () -> !cache.up());
    cache.put(Samples.account(7, 13), TTL).await();

    server.startAgain();
    Await.until("redis is used again", cache::up);

    assertThat(get()).isEmpty();
    cache.put(Samples.account(7, 12), TTL).await();
    assertThat(get()).isEmpty();
  }

  @Test
  void aRemovalDuringAnOutageIsMadeUpFor() throws Exception {
    server.kill();
    Await.until("redis counts as away", () -> !cache.up());
    cache.remove(7, 12).await();

    server.startAgain();
    Await.until("redis is used again", cache::up);

    cache.put(Samples.account(7, 12), TTL).await();
    assertThat(get()).isEmpty();
    cache.put(Samples.account(7, 13), TTL).await();
    assertThat(get()).isPresent();
  }

  @Test
  void aFullServerKeepsNoStaleEntry() {
    RawRedis redis = new RawRedis(vertx, server.uri());
    cache.put(Samples.account(7, 12), TTL).await();
    redis.say("CONFIG", "SET", "maxmemory", "1");
    try {
      cache.put(Samples.account(7, 13), TTL).await();
      cache.put(Samples.account(8, 12), TTL).await();
      cache.remove(9, 12).await();

      assertThat(get()).map(Account::revision).isNotEqualTo(Optional.of(12L));
      assertThat(cache.get(8).await()).isEmpty();
      assertThat(cache.up()).isTrue();
    } finally {
      redis.say("CONFIG", "SET", "maxmemory", "0");
    }
  }

  @Test
  void aWrongPasswordCostsNoSocketsAndHeals() throws Exception {
    RawRedis redis = new RawRedis(vertx, server.uri());
    String right = URI.create(server.uri()).getUserInfo().substring(1);
    redis.say("PING");
    redis.say("CONFIG", "SET", "requirepass", "another-password");
    try (RedisTokenCacheHandle refused = new RedisTokenCacheHandle(cache(server.uri()))) {
      refused.cache().start().await();
      assertThat(refused.cache().up()).isFalse();
      assertThat(refused.cache().get(7).await()).isEmpty();
      long connections = connections(redis);
      long sockets = sockets();
      long attempts = received(redis);
      Await.until("several attempts were refused", () -> received(redis) > attempts + 5);

      assertThat(connections(redis)).isLessThanOrEqualTo(connections + 1);
      assertThat(sockets()).isLessThanOrEqualTo(sockets + 2);

      redis.say("CONFIG", "SET", "requirepass", right);
      Await.until("redis is used", () -> refused.cache().up());
    } finally {
      redis.say("CONFIG", "SET", "requirepass", right);
    }
  }

  private record RedisTokenCacheHandle(RedisTokenCache cache) implements AutoCloseable {
    @Override
    public void close() {
      cache.close().await();
    }
  }

  private RedisTokenCache cache(String uri) {
    return new RedisTokenCache(
        vertx, RedisTarget.of(uri, RedisClientType.STANDALONE), "inst", sealer);
  }

  private Optional<Account> get() {
    return cache.get(7).await();
  }

  private static LocalRedis started() {
    try {
      return LocalRedis.start(Scratch.folder("redis-outage"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long connections(RawRedis redis) {
    return redis.text("CLIENT", "LIST").lines().count();
  }

  private static long received(RawRedis redis) {
    return redis
        .text("INFO", "stats")
        .lines()
        .filter(line -> line.startsWith("total_connections_received:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
        .sum();
  }

  private static long sockets() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(RedisOutageTest::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false;
    }
  }

  private static void signal(String name) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(server.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
