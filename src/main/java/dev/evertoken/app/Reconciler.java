package dev.evertoken.app;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.app.route.UpstreamHealth;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Notice;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.ChangeFeed;
import dev.evertoken.port.ChangeFeed.Page;
import dev.evertoken.port.ChangeFeed.Position;
import dev.evertoken.port.Scheduler;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's copies and views true to PostgreSQL: at once where a notice tells of a change,
 * and every few seconds by itself, so that a lost notice costs seconds and never correctness.
 */
public final class Reconciler {

  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final int PAGE = 500;

  private final Scheduler scheduler;
  private final ChangeFeed feed;
  private final AccountStore store;
  private final UpstreamHealth routes;
  private final PoolBook pools;
  private final Announcements announcements;
  private final AccountReader reader;
  private final String node;
  private final Set<Long> fetching = ConcurrentHashMap.newKeySet();
  private @Nullable Position position;
  private volatile boolean stopped;

  Reconciler(
      Scheduler scheduler,
      ChangeFeed feed,
      AccountStore store,
      UpstreamHealth routes,
      PoolBook pools,
      Announcements announcements,
      AccountReader reader,
      String node) {
    this.scheduler = scheduler;
    this.feed = feed;
    this.store = store;
    this.routes = routes;
    this.pools = pools;
    this.announcements = announcements;
    this.reader = reader;
    this.node = node;
  }

  /** Takes the point from which on changes are followed, and begins. */
  public Future<Void> start() {
    return feed.now()
        .onSuccess(now -> position = now)
        .compose(now -> routes.reconcile())
        .compose(read -> pools.reconcile())
        .onSuccess(done -> schedule());
  }

  public void stop() {
    stopped = true;
  }

  /** Takes in a notice; those of this node tell nothing new. */
  public void heard(Notice notice) {
    if (notice.node().equals(node)) {
      return;
    }
    switch (notice.type()) {
      case PROXY_DOWN, PROXY_UP, PROVIDER_DOWN, PROVIDER_UP ->
          routes.reconcile().onFailure(Reconciler::missed);
      case CHANGED -> {
        if (notice.pool() != null) {
          pools.reconcile().onFailure(Reconciler::missed);
        }
        heardOfAccount(notice);
      }
      case REFRESHED,
          TEMP_UNSCHED_SET,
          TEMP_UNSCHED_CLEARED,
          ERROR,
          RECOVERED,
          DELETED,
          REAUTHORIZATION_DUE,
          ANSWER_UNREADABLE ->
          heardOfAccount(notice);
      case KEY_DELETED, PROVIDER_UNLIKE_TEMPLATE -> {}
    }
  }

  private void heardOfAccount(Notice notice) {
    Long id = notice.account();
    if (id == null) {
      return;
    }
    Long revision = notice.revision();
    if (revision != null) {
      reader.heardOf(id, notice.type() == Notice.Type.DELETED ? revision + 1 : revision);
    }
    fetch(id);
  }

  /** One read for any number of notices that come while it waits. */
  private void fetch(long id) {
    if (fetching.add(id)) {
      scheduler.soon(
          () -> {
            fetching.remove(id);
            store.find(id).onSuccess(row -> take(id, row)).onFailure(Reconciler::missed);
          });
    }
  }

  private void take(long id, Optional<Account> row) {
    row.ifPresentOrElse(announcements::heardOf, () -> announcements.heardGone(id));
  }

  private void schedule() {
    if (!stopped) {
      scheduler.after(PERIOD, this::cycle);
    }
  }

  private void cycle() {
    Position from = position;
    Future<Void> changes = from == null ? restart() : follow(from);
    changes
        .compose(done -> routes.reconcile())
        .compose(read -> pools.reconcile())
        .onFailure(Reconciler::missed)
        .onComplete(done -> schedule());
  }

  private Future<Void> restart() {
    return feed.now().onSuccess(now -> position = now).mapEmpty();
  }

  private Future<Void> follow(Position from) {
    return feed.since(from, PAGE).compose(this::takeIn);
  }

  private Future<Void> takeIn(Page page) {
    page.changes()
        .forEach(
            change -> {
              if (change.deleted()) {
                announcements.seenDeleted(change.account());
              } else {
                announcements.heardOf(change.account());
              }
            });
    position = page.next();
    return page.full() ? follow(page.next()) : Future.succeededFuture();
  }

  private static void missed(Throwable failure) {
    LOG.atDebug().addKeyValue("cause", failure.getMessage()).log("reconcile_missed");
  }
}
