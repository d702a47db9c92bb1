package dev.evertoken.boot.settings;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.evertoken.domain.AddressRange;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.UrlAuthority;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the keys of {@code evertoken.yaml}, each with its default. */
final class NodeReader {

  private static final int ADMIN_KEY_LENGTH = 32;
  private static final Duration LONG = ofHours(24);

  private static final Kind<Secret> POSTGRES =
      Kinds.secretUri(
          "postgresql://user:password@host:port/database",
          Set.of("postgresql", "postgres"),
          uri -> UrlAuthority.of(uri).isPresent());

  /** Vert.x's client cannot read a host name with an underscore. */
  private static final Kind<Secret> REDIS =
      Kinds.secretUri(
          "redis://:password@host:port or rediss://… (no _ in the host)",
          Set.of("redis", "rediss"),
          uri -> uri.getHost() != null);

  private static final Kind<AddressRange> RANGE =
      Kind.open("an address range such as 169.254.0.0/16", AddressRange::parse);

  /** Link-local addresses and the metadata services of the clouds outside that range. */
  private static final List<AddressRange> METADATA =
      Stream.of(
              "169.254.0.0/16",
              "fe80::/10",
              "100.100.100.200/32",
              "168.63.129.16/32",
              "192.0.0.192/32",
              "fd00:ec2::254/128",
              "fd20:ce::254/128")
          .flatMap(text -> AddressRange.parse(text).stream())
          .toList();

  private final Values values;
  private final Map<String, String> environment;

  NodeReader(Values values, Map<String, String> environment) {
    this.values = values;
    this.environment = environment;
  }

  Settings read(Platforms platforms) {
    return new Settings(
        new Settings.Http(
            values.get("http.host", Kinds.HOST_NAME, "127.0.0.1"),
            values.get("http.port", Kinds.PORT, 8080),
            tls("http.tls", "client_ca", false)),
        new Settings.Postgres(
            values.find("postgres.uri", POSTGRES).orElse(null),
            values.get("postgres.pool_size", Kinds.integer(2, 1000), 8)),
        new Settings.Redis(
            values.list("redis.uri", REDIS, List.of()),
            values.get(
                "redis.mode",
                Kinds.oneOf(Settings.Redis.Mode.class),
                Settings.Redis.Mode.STANDALONE)),
        values.get("data.dir", Kinds.PATH, Path.of("data")),
        cluster(),
        new Settings.Encryption(
            values.find("encryption.keyset_file", Kinds.PATH).orElse(null),
            secret("EVERTOKEN_ENCRYPTION_KEYSET")),
        refresh(),
        values.get("temp_unsched.duration", between(ofSeconds(1), LONG), ofMinutes(10)),
        new Settings.PoolPolicy(
            values.get("pool.switch_after", between(ofMillis(1), ofSeconds(30)), ofSeconds(2)),
            values.get("pool.max_switches", Kinds.integer(0, 100), 3)),
        new Settings.NearCache(
            values.get("cache.near.max_age", between(ofMillis(1), ofHours(1)), ofSeconds(10)),
            values.get("cache.near.max_outage", between(ofMillis(1), LONG), ofMinutes(5)),
            values.get("cache.near.max_entries", Kinds.integer(1, 100_000_000), 100_000)),
        new Settings.Egress(values.list("egress.deny", RANGE, METADATA), file("egress.ca_file")),
        values.list("dns.servers", Kinds.NAME_SERVER, List.of()),
        values.get("audit.retention", between(Duration.ZERO, ofDays(3650)), ofDays(90)),
        proxyTestUrl(),
        values.get("bus.require_key", Kinds.SWITCH, false),
        new Settings.Shutdown(
            values.get("shutdown.delay", between(Duration.ZERO, ofMinutes(5)), Duration.ZERO),
            values.get("shutdown.grace", between(ofSeconds(1), ofMinutes(10)), ofSeconds(15))),
        new Settings.Log(
            values.get(
                "log.format", Kinds.oneOf(Settings.Log.Format.class), Settings.Log.Format.AUTO),
            values.get(
                "log.level", Kinds.oneOf(Settings.Log.Level.class), Settings.Log.Level.INFO)),
        adminKey(),
        platforms);
  }

  private Settings.Cluster cluster() {
    return new Settings.Cluster(
        values.get("cluster.enabled", Kinds.SWITCH, false),
        values.get("cluster.hazelcast_config", Kinds.PATH, Path.of("conf/hazelcast.yaml")),
        values.get("cluster.host", Kinds.HOST_NAME, "127.0.0.1"),
        values.get("cluster.port", Kinds.PORT, 0),
        values.find("cluster.public_host", Kinds.HOST_NAME).orElse(null),
        values.get("cluster.public_port", Kinds.PORT, 0),
        tls("cluster.tls", "ca", true),
        values.get("cluster.allow_plaintext", Kinds.SWITCH, false));
  }

  private Settings.Refresh refresh() {
    return new Settings.Refresh(
        values.get("refresh.background", Kinds.SWITCH, true),
        values.get("refresh.scan_interval", between(ofMillis(100), LONG), ofMinutes(5)),
        values.get("refresh.max_attempts", Kinds.integer(1, 10), 3),
        values.get("refresh.retry_backoff", between(ofMillis(1), ofMinutes(5)), ofSeconds(2)),
        values.get("refresh.deadline", between(ofSeconds(1), ofMinutes(10)), ofSeconds(30)));
  }

  private @Nullable URI proxyTestUrl() {
    return values.find("proxy_test_url", Kinds.endpoint()).orElse(null);
  }

  private Settings.@Nullable Tls tls(String key, String caKey, boolean needsCa) {
    Path certificate = file(key + ".certificate");
    Path privateKey = file(key + ".key");
    Path ca = file(key + "." + caKey);
    if (certificate == null && privateKey == null && ca == null) {
      return null;
    }
    if (certificate == null || privateKey == null || (needsCa && ca == null)) {
      values
          .problems()
          .rule(key, "needs certificate%s key".formatted(needsCa ? ", ca and" : " and"));
      return null;
    }
    return new Settings.Tls(certificate, privateKey, ca);
  }

  private @Nullable Path file(String key) {
    return values.find(key, Kinds.READABLE_FILE).orElse(null);
  }

  private @Nullable Secret adminKey() {
    Secret key = secret("EVERTOKEN_ADMIN_KEY");
    if (key != null && key.reveal().length() < ADMIN_KEY_LENGTH) {
      values
          .problems()
          .value(
              "EVERTOKEN_ADMIN_KEY",
              "***",
              "a text of %d characters or more".formatted(ADMIN_KEY_LENGTH));
    }
    return key;
  }

  private @Nullable Secret secret(String variable) {
    String text = environment.getOrDefault(variable, "").strip();
    return text.isEmpty() ? null : Secret.of(text);
  }

  private static Kind<Duration> between(Duration least, Duration most) {
    return Kinds.duration(least, most);
  }
}
