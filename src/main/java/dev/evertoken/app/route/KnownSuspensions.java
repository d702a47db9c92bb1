package dev.evertoken.app.route;

import dev.evertoken.domain.Route;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Way;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The suspensions of the cluster as this node knows them, and who waits for one of them to change.
 * Safe for any thread.
 */
final class KnownSuspensions {

  private volatile List<Suspension> all = List.of();
  private final Map<Suspension, Promise<Void>> changes = new ConcurrentHashMap<>();

  List<Suspension> all() {
    return all;
  }

  /** The widest suspension of the route, of those the one that is probed last; or null. */
  @Nullable Suspension of(Route route) {
    return covering(route).filter(Suspension::passes).max(WIDEST).orElse(null);
  }

  /** Why the route is closed, be it by an operator, or null. */
  @Nullable Suspension closing(Route route) {
    List<Suspension> now = all;
    return now.isEmpty() ? null : covering(route).max(WIDEST).orElse(null);
  }

  Stream<Suspension> covering(Route route) {
    return all.stream().filter(suspension -> suspension.covers(route));
  }

  /** The routes of a platform that are suspended for their own failures. */
  List<Way> failingRoutes(String platform) {
    return all.stream()
        .filter(s -> s.kind() == Suspension.Kind.ROUTE && platform.equals(s.platform()))
        .map(s -> new Way(platform, s.proxyId()))
        .toList();
  }

  /** Completes when the suspension has ended or its probe time has moved. */
  Future<Void> changed(Suspension suspension) {
    Promise<Void> change = changes.computeIfAbsent(suspension, s -> Promise.promise());
    if (!all.contains(suspension)) {
      tellChanges();
    }
    return change.future();
  }

  void replace(List<Suspension> now) {
    synchronized (this) {
      all = List.copyOf(now);
    }
    tellChanges();
  }

  /** Takes it in; true: this node did not know that the way is suspended. */
  boolean put(Suspension suspension) {
    boolean news;
    synchronized (this) {
      List<Suspension> after = new ArrayList<>(all);
      news = !after.removeIf(known -> same(known, suspension));
      after.add(suspension);
      all = List.copyOf(after);
    }
    tellChanges();
    return news;
  }

  /** False: this node did not know it. */
  boolean remove(Suspension suspension) {
    boolean known;
    synchronized (this) {
      List<Suspension> after = new ArrayList<>(all);
      known = after.removeIf(other -> same(other, suspension));
      all = List.copyOf(after);
    }
    tellChanges();
    return known;
  }

  private void tellChanges() {
    List<Suspension> now = all;
    for (Suspension waited : List.copyOf(changes.keySet())) {
      if (!now.contains(waited)) {
        Promise<Void> change = changes.remove(waited);
        if (change != null) {
          change.tryComplete();
        }
      }
    }
  }

  static boolean same(Suspension a, Suspension b) {
    return a.kind() == b.kind()
        && Objects.equals(a.platform(), b.platform())
        && Objects.equals(a.proxyId(), b.proxyId());
  }

  /** What an operator closed first, then platforms, proxies, routes. */
  private static int width(Suspension suspension) {
    return switch (suspension.kind()) {
      case PROXY_DISABLED, PROXY_MISSING -> 3;
      case PLATFORM, THROTTLED, PROVIDER_CONFIG -> 2;
      case PROXY -> 1;
      case ROUTE, UNREADABLE, ROUTE_THROTTLED -> 0;
    };
  }

  private static final Comparator<Suspension> WIDEST =
      Comparator.comparingInt(KnownSuspensions::width).thenComparing(Suspension::probeAt);
}
