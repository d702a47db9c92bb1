package dev.evertoken.boot;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * This node's membership of the cluster: which other nodes it sees, and what they send to it. Safe
 * for any thread.
 */
final class ClusterMember extends HazelcastClusterManager {

  private static final String NODE = "evertoken.node";

  private final Map<String, Set<RegistrationInfo>> told = new ConcurrentHashMap<>();
  private volatile RegistrationListener selectors = new RegistrationListener() {};
  private volatile @Nullable NodeInfo itself;

  /** Prepares it; Vert.x joins and leaves. */
  ClusterMember(Config config, String node) {
    super(config);
    config.getMemberAttributeConfig().setAttribute(NODE, node);
  }

  @Override
  public void registrationListener(RegistrationListener listener) {
    selectors = listener;
    super.registrationListener(listener);
  }

  @Override
  public void setNodeInfo(NodeInfo info, Completable<Void> promise) {
    itself = info;
    super.setNodeInfo(info, promise);
  }

  /**
   * Tells again where this node is and what it listens to, and forgets what it knew of the others:
   * when two sides of a split merge, some of that may be lost on the way, and nothing says so.
   */
  void renew() {
    NodeInfo info = itself;
    if (info != null) {
      super.setNodeInfo(info, Promise.promise());
    }
    told.forEach((address, all) -> all.forEach(one -> tellAgain(address, one)));
    selectors.registrationsLost();
  }

  private void tellAgain(String address, RegistrationInfo registration) {
    if (!registration.localOnly()) {
      super.addRegistration(address, registration, Promise.promise());
    }
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
    Set<RegistrationInfo> all = told.get(address);
    if (all != null) {
      all.remove(registration);
    }
    super.removeRegistration(address, registration, promise);
  }

  /**
   * Has the other members send nothing more to this address here, while its consumers stay: what
   * they send before they know is still answered. Unregistering a consumer would leave that without
   * any answer.
   */
  Future<Void> withdraw(String address) {
    Set<RegistrationInfo> all = told.remove(address);
    return all == null
        ? Future.succeededFuture()
        : Future.join(all.stream().map(one -> withdraw(address, one)).toList()).mapEmpty();
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
