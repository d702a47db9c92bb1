package dev.evertoken.app;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.evertoken.app.notice.Announcements;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.ProjectLookup;
import dev.evertoken.port.ProxyStore;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the project of accounts that have none, behind the answers: once per cooldown in the
 * cluster, never delaying nor failing a token (semantics, section 2, step 8).
 */
final class ProjectDiscovery {

  private static final Logger LOG = LoggerFactory.getLogger(ProjectDiscovery.class);

  /** Spares PostgreSQL the question while this node asked a moment ago. */
  private static final Duration ASKED_RECENTLY = Duration.ofSeconds(10);

  private final AccountStore store;
  private final ProxyStore proxies;
  private final ProjectLookup lookup;
  private final Announcements announcements;
  private final Platforms platforms;
  private final Time time;
  private final Cache<Long, Boolean> asked =
      Caffeine.newBuilder().maximumSize(100_000).expireAfterWrite(ASKED_RECENTLY).build();

  ProjectDiscovery(
      AccountStore store,
      ProxyStore proxies,
      ProjectLookup lookup,
      Announcements announcements,
      Platforms platforms,
      Time time) {
    this.store = store;
    this.proxies = proxies;
    this.lookup = lookup;
    this.announcements = announcements;
    this.platforms = platforms;
    this.time = time;
  }

  /** Starts a lookup where it is called for; returns at once. */
  void findIfMissing(Account account) {
    if (account.projectId() != null) {
      return;
    }
    Platform platform = platforms.find(account.platform()).orElse(null);
    if (platform == null || platform.project() == null) {
      return;
    }
    Instant now = time.instant();
    Instant notBefore = account.projectNotBefore();
    Secret token = account.credentials().accessToken();
    boolean rests = notBefore != null && now.isBefore(notBefore);
    if (rests || token == null || !account.credentials().validAt(now)) {
      return;
    }
    if (asked.asMap().putIfAbsent(account.id(), true) == null) {
      find(account, platform, token, platform.project().cooldown())
          .onFailure(failure -> log(account, failure));
    }
  }

  private Future<Void> find(Account account, Platform platform, Secret token, Duration cooldown) {
    return store
        .claimProjectLookup(account, cooldown)
        .compose(ours -> ours ? lookUp(account, platform, token) : Future.succeededFuture());
  }

  private Future<Void> lookUp(Account account, Platform platform, Secret token) {
    return proxyOf(account)
        .compose(
            proxy ->
                account.proxyId() != null && proxy.isEmpty()
                    ? Future.succeededFuture(Optional.<String>empty())
                    : lookup.find(platform, proxy.orElse(null), token))
        .compose(project -> keep(account, project));
  }

  private Future<Optional<Proxy>> proxyOf(Account account) {
    return account.proxyId() == null
        ? Future.succeededFuture(Optional.empty())
        : proxies.find(account.proxyId()).map(proxy -> proxy.filter(p -> !p.disabled()));
  }

  private Future<Void> keep(Account account, Optional<String> project) {
    if (project.isEmpty()) {
      LOG.atInfo().addKeyValue("account", account.id()).log("project_missing");
      return Future.succeededFuture();
    }
    return store
        .storeProject(account, project.get())
        .onSuccess(row -> row.ifPresent(this::announce))
        .mapEmpty();
  }

  private void announce(Account row) {
    announcements.changedHere(
        row, Notice.Type.CHANGED, null, "the project was found", "account.project_found", Map.of());
  }

  private static void log(Account account, Throwable failure) {
    LOG.atInfo()
        .addKeyValue("account", account.id())
        .addKeyValue("cause", failure.getMessage())
        .log("project_lookup_failed");
  }
}
