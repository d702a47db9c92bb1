package dev.evertoken.boot.settings;

import dev.evertoken.domain.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** What must hold between the keys of {@code evertoken.yaml}, and what is only unwise. */
final class NodeRules {

  private NodeRules() {}

  static void check(Settings settings, Problems problems) {
    Settings.Refresh refresh = settings.refresh();
    if (refresh.retryBackoff().compareTo(refresh.deadline()) >= 0) {
      problems.rule("refresh.retry_backoff", "must be shorter than refresh.deadline");
    }
    if (settings.nearCache().maxAge().compareTo(settings.nearCache().maxOutage()) > 0) {
      problems.rule("cache.near.max_age", "must not be longer than cache.near.max_outage");
    }
    if (settings.shutdown().delay().compareTo(settings.shutdown().grace().dividedBy(2)) > 0) {
      problems.rule("shutdown.delay", "must not be longer than half of shutdown.grace");
    }
    if (settings.redis().mode() != Settings.Redis.Mode.STANDALONE
        && settings.redis().uris().isEmpty()) {
      problems.rule("redis.mode", "sentinel and cluster need redis.uri");
    }
    if (settings.redis().mode() == Settings.Redis.Mode.STANDALONE
        && settings.redis().uris().size() > 1) {
      problems.rule("redis.uri", "one address only where redis.mode is standalone");
    }
    cluster(settings, problems);
  }

  private static void cluster(Settings settings, Problems problems) {
    Settings.Cluster cluster = settings.cluster();
    if (!cluster.enabled()) {
      return;
    }
    if (settings.embedsServers()) {
      problems.rule("cluster.enabled", "needs postgres.uri and redis.uri, which all nodes share");
    }
    if (cluster.tls() == null && !Loopback.is(cluster.host()) && !cluster.allowPlaintext()) {
      problems.rule(
          "cluster.host",
          "off loopback the bus needs cluster.tls.certificate, .key and .ca"
              + " (or cluster.allow_plaintext: true)");
    }
  }

  /** What the start should warn of. */
  static List<String> warnings(Settings settings) {
    List<String> warnings = new ArrayList<>();
    if (settings.http().tls() == null && !Loopback.is(settings.http().host())) {
      warnings.add(
          "http.host is not loopback and http.tls is off: tokens cross the network in the clear");
    }
    if (settings.redis().uris().stream().anyMatch(NodeRules::inTheClear)) {
      warnings.add(
          "redis.uri leaves loopback without TLS: its password can be read; use rediss://");
    }
    Settings.Cluster cluster = settings.cluster();
    if (cluster.enabled() && cluster.tls() == null && !Loopback.is(cluster.host())) {
      warnings.add(
          "cluster.allow_plaintext: the bus is not encrypted, so the token addresses stay local");
    }
    return warnings;
  }

  private static boolean inTheClear(Secret address) {
    URI uri = URI.create(address.reveal());
    return "redis".equals(uri.getScheme()) && uri.getHost() != null && !Loopback.is(uri.getHost());
  }
}
