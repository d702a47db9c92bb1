package dev.evertoken.adapter.redis;

import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which Redis to use, and in what mode.
 *
 * @param uris {@code redis://} or {@code rediss://} (TLS); several for a cluster or sentinels. Of
 *     sentinels {@code ?master=name} names the master, {@code mymaster} if none does
 */
public record RedisTarget(List<String> uris, RedisClientType mode) {

  private static final int CONNECT_TIMEOUT_MILLIS = 1000;

  public RedisTarget {
    uris = List.copyOf(uris);
  }

  /** The target of a setting: one address, or several with commas between. */
  public static RedisTarget of(String uri, RedisClientType mode) {
    return new RedisTarget(Arrays.stream(uri.split(",", -1)).map(String::strip).toList(), mode);
  }

  /**
   * Small pools on purpose: one connection carries all commands, pipelined; a second one is for the
   * client's own questions to a cluster.
   */
  RedisOptions options() {
    RedisOptions options =
        new RedisOptions()
            .setType(mode)
            .setEndpoints(uris)
            .setMaxPoolSize(4)
            .setMaxPoolWaiting(16)
            .setMaxWaitingHandlers(2 * RedisLink.MOST_IN_FLIGHT)
            .setNetClientOptions(
                new NetClientOptions()
                    .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                    .setTcpNoDelay(true)
                    .setTcpKeepAlive(true)
                    .setHostnameVerificationAlgorithm("HTTPS"));
    master().ifPresent(options::setMasterName);
    return options;
  }

  /** Without the addresses, which may hold a password. */
  @Override
  public String toString() {
    return "RedisTarget[" + uris.size() + ", " + mode + "]";
  }

  private Optional<String> master() {
    return uris.stream()
        .map(uri -> URI.create(uri).getQuery())
        .filter(query -> query != null)
        .flatMap(query -> Arrays.stream(query.split("&", -1)))
        .filter(parameter -> parameter.startsWith("master="))
        .map(parameter -> parameter.substring("master=".length()))
        .findFirst();
  }
}
