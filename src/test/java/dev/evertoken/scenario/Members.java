package dev.evertoken.scenario;

import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.TestCertificate;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Three nodes, each a JVM of its own, whose bus is under TLS with client certificates, and a fourth
 * member in this JVM that is no node.
 */
final class Members implements AutoCloseable {

  static final int NODES = 3;
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration SOON = Duration.ofSeconds(20);

  private final Cluster cluster;
  private final Guest guest;
  private final List<Integer> busPorts = new ArrayList<>();

  Members() {
    this(Map.of());
  }

  /**
   * Starts them.
   *
   * @param settings further ones of the nodes, as {@code EVERTOKEN_…}
   */
  Members(Map<String, String> settings) {
    TestCertificate.Pem pem = TestCertificate.shared().pem();
    cluster =
        Cluster.of(
            0,
            Map.of(
                "rotation",
                "none",
                "refresh",
                "{connect_timeout: 1s, tls_timeout: 1s, total_timeout: 4s, on_error: use_existing}",
                "breaker",
                "{max_failures: 5, reset_timeout: 1s}"));
    cluster.setting("EVERTOKEN_CLUSTER_TLS_CERTIFICATE", pem.certificate().toString());
    cluster.setting("EVERTOKEN_CLUSTER_TLS_KEY", pem.key().toString());
    cluster.setting("EVERTOKEN_CLUSTER_TLS_CA", pem.certificate().toString());
    cluster.setting("EVERTOKEN_SHUTDOWN_DELAY", "2s");
    settings.forEach(cluster::setting);
    for (int i = 0; i < NODES; i++) {
      busPorts.add(Cluster.freePort());
      cluster.setting(i, "EVERTOKEN_CLUSTER_PORT", String.valueOf(busPorts.get(i)));
    }
    cluster.startAtOnce(NODES);
    guest = Guest.join(cluster.hazelcastFile(), pem);
    awaitWell();
  }

  Cluster cluster() {
    return cluster;
  }

  Guest guest() {
    return guest;
  }

  Talk talk(int node) {
    return cluster.talk(node);
  }

  /** Where the bus of that node listens. */
  int busPort(int node) {
    return busPorts.get(node);
  }

  /** Waits until every node sees all others, and the guest sees them. */
  void awaitWell() {
    for (int node = 0; node < NODES; node++) {
      awaitOn(node, "misses nobody", talk -> missing(talk).isEmpty(), PATIENCE);
    }
    Await.until("the guest sees all", () -> guest.members() == NODES + 1, PATIENCE);
  }

  static List<String> missing(Talk talk) {
    return talk.get("/health/ready").json().getJsonArray("missing").stream()
        .map(String::valueOf)
        .toList();
  }

  /** Whether a metric, named with its labels, has that value. */
  static boolean shows(Talk talk, String metric, int value) {
    Pattern line = Pattern.compile("(?m)^" + Pattern.quote(metric + " " + value) + "(\\.0)?$");
    return line.matcher(talk.get("/metrics").body()).find();
  }

  /** An account with a token that is good for long. */
  long ready() {
    NewFamily family = cluster.provider().newFamily();
    return cluster.account(
        family.refreshToken(),
        body ->
            body.getJsonObject("credentials")
                .put("access_token", family.accessToken().value())
                .put("expires_at", Instant.now().plus(Duration.ofMinutes(50)).toString()));
  }

  /** An account that must be refreshed before it can answer. */
  long expired(Consumer<JsonObject> change) {
    return cluster.account(cluster.provider().newFamily().refreshToken(), change);
  }

  /** The value of a metric of that node, with its labels; 0 where there is none. */
  double metric(int node, String name) {
    String text = talk(node).get("/metrics").body();
    Matcher line = Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)$").matcher(text);
    return line.find() ? Double.parseDouble(line.group(1)) : 0;
  }

  void awaitOn(int node, String what, Predicate<Talk> holds) {
    awaitOn(node, what, holds, SOON);
  }

  private void awaitOn(int node, String what, Predicate<Talk> holds, Duration patience) {
    Await.until("node " + node + " " + what, () -> holds.test(talk(node)), patience);
  }

  @Override
  public void close() {
    guest.close();
    cluster.close();
  }
}
