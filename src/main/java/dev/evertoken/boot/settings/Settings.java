package dev.evertoken.boot.settings;

import dev.evertoken.domain.AddressRange;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings of a node (contract, section 2).
 *
 * @param dataDir belongs to one process and outlives it
 * @param tempUnschedDuration how long an account sits out whose refresh failed
 * @param dnsServers asked instead of those of the system; empty: those
 * @param auditRetention how long the audit is kept; zero: for good
 * @param proxyTestUrl what a proxy test asks for; null: the token URLs in use
 * @param busRequireKey whether requests on the event bus need an API key
 * @param adminKey the bootstrap key from the environment; null: from a file in the data folder
 */
public record Settings(
    Http http,
    Postgres postgres,
    Redis redis,
    Path dataDir,
    Cluster cluster,
    Encryption encryption,
    Refresh refresh,
    Duration tempUnschedDuration,
    PoolPolicy pool,
    NearCache nearCache,
    Egress egress,
    List<String> dnsServers,
    Duration auditRetention,
    @Nullable URI proxyTestUrl,
    boolean busRequireKey,
    Shutdown shutdown,
    Log log,
    @Nullable Secret adminKey,
    Platforms platforms) {

  public Settings {
    dnsServers = List.copyOf(dnsServers);
  }

  /** Where HTTP is served; port 0 picks a free one. */
  public record Http(String host, int port, @Nullable Tls tls) {}

  /** PEM files: our certificate chain and key, and whom to trust as a client (null: anybody). */
  public record Tls(Path certificate, Path key, @Nullable Path clientCa) {}

  /** The database; without a URI an embedded server. */
  public record Postgres(@Nullable Secret uri, int poolSize) {}

  /** The cache; without a URI an embedded server. */
  public record Redis(List<Secret> uris, Mode mode) {

    public Redis {
      uris = List.copyOf(uris);
    }

    /** How the servers behind the addresses work together. */
    public enum Mode {
      STANDALONE,
      SENTINEL,
      CLUSTER
    }
  }

  /**
   * How nodes find and trust each other.
   *
   * @param host where the event bus listens for the other nodes
   * @param publicHost where the others reach it, if that is not {@code host}
   * @param publicPort the port there; 0: the one it listens on
   * @param tls with client certificates; its client CA is the cluster's CA
   */
  public record Cluster(
      boolean enabled,
      Path hazelcastConfig,
      String host,
      int port,
      @Nullable String publicHost,
      int publicPort,
      @Nullable Tls tls,
      boolean allowPlaintext) {

    /** Whether only this machine can reach the bus. */
    public boolean onLoopback() {
      return Loopback.is(host);
    }
  }

  /** The keyset: a file, or its content from the environment. */
  public record Encryption(@Nullable Path keysetFile, @Nullable Secret keyset) {}

  /** How refreshes are tried, and whether this node looks for due ones. */
  public record Refresh(
      boolean background,
      Duration scanInterval,
      int maxAttempts,
      Duration retryBackoff,
      Duration deadline) {}

  /** How long a pool waits for one account's refresh, and how often it goes to the next. */
  public record PoolPolicy(Duration switchAfter, int maxSwitches) {}

  /** What the memory of this node may serve. */
  public record NearCache(Duration maxAge, Duration maxOutage, int maxEntries) {}

  /**
   * The way out to providers and proxies.
   *
   * @param deny addresses that are never connected to
   * @param caFile PEM certificates trusted besides the JVM's, or null
   */
  public record Egress(List<AddressRange> deny, @Nullable Path caFile) {

    public Egress {
      deny = List.copyOf(deny);
    }
  }

  /**
   * The end of a node.
   *
   * @param delay how long it still takes requests, so that balancers notice that it is not ready
   * @param grace how long the end may take in all, the delay included
   */
  public record Shutdown(Duration delay, Duration grace) {}

  /** What is logged, and in which form. */
  public record Log(Format format, Level level) {

    /** {@code auto}: text on a terminal, else JSON. */
    public enum Format {
      AUTO,
      TEXT,
      JSON
    }

    /** The least important events that are logged. */
    public enum Level {
      ERROR,
      WARN,
      INFO,
      DEBUG,
      TRACE
    }
  }

  /** Whether this node runs a PostgreSQL or Redis of its own. */
  public boolean embedsServers() {
    return postgres.uri() == null || redis.uris().isEmpty();
  }
}
