package dev.evertoken.boot;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * This node's membership of the cluster: which other nodes it sees, and what they send to it. Safe
 * for any thread.
 */
final class ClusterMember extends HazelcastClusterManager {

  private static final String NODE = "evertoken.node";

  private final Map<String, Set<RegistrationInfo>> told = new ConcurrentHashMap<>();

  /** Prepares it; Vert.x joins and leaves. */
  ClusterMember(Config config, String node) {
    super(config);
    config.getMemberAttributeConfig().setAttribute(NODE, node);
  }

  @Override
  public void addRegistration(
      String address, RegistrationInfo registration, Completable<Void> promise) {
    told.computeIfAbsent(address, a -> ConcurrentHashMap.newKeySet()).add(registration);
    super.addRegistration(address, registration, promise);
  }

  @Override
  public void removeRegistration(
      String address, RegistrationInfo registration, Completable<Void> promise) {
    told.getOrDefault(address, Set.of()).remove(registration);
    super.removeRegistration(address, registration, promise);
  }

  /**
   * Has the other members send nothing more to this address here, while its consumers stay: what
   * they send before they know is still answered. Unregistering a consumer would leave that without
   * any answer.
   */
  Future<Void> withdraw(String address) {
    return Future.join(
            Set.copyOf(told.getOrDefault(address, Set.of())).stream()
                .map(registration -> withdraw(address, registration))
                .toList())
        .mapEmpty();
  }

  private Future<Void> withdraw(String address, RegistrationInfo registration) {
    Promise<Void> withdrawn = Promise.promise();
    super.removeRegistration(address, registration, withdrawn);
    return withdrawn.future();
  }

  /** The ids of the nodes in the cluster as this one sees it, itself included. */
  Set<String> nodes() {
    HazelcastInstance hazelcast = getHazelcastInstance();
    return hazelcast.getLifecycleService().isRunning()
        ? hazelcast.getCluster().getMembers().stream()
            .map(member -> member.getAttribute(NODE))
            .filter(Objects::nonNull)
            .collect(Collectors.toUnmodifiableSet())
        : Set.of();
  }
}
