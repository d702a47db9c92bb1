package dev.evertoken.app;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.app.refresh.ClientSecrets;
import dev.evertoken.app.refresh.Engine;
import dev.evertoken.app.refresh.EscrowReplay;
import dev.evertoken.app.refresh.LeftAnswers;
import dev.evertoken.app.refresh.Refresher;
import dev.evertoken.app.refresh.UnlikeTemplate;
import dev.evertoken.app.route.ClientBlame;
import dev.evertoken.app.route.PlatformPermits;
import dev.evertoken.app.route.RouteBlame;
import dev.evertoken.app.route.UpstreamHealth;

/**
 * The use cases of one node, put together: the part of the composition root that knows how they
 * depend on each other.
 */
public record Core(
    TokenService tokens,
    Reports reports,
    Refresher refresher,
    Announcements announcements,
    UpstreamHealth routes,
    Reconciler reconciler,
    BackgroundRefresh background,
    Housekeeping housekeeping,
    EscrowReplay replay,
    AccountReader reader,
    PoolBook pools,
    EventTail events) {

  public static Core of(CorePorts ports, CoreSettings settings) {
    NearCache near =
        new NearCache(
            ports.time(),
            settings.nearMaxAge(),
            settings.nearMaxOutage(),
            settings.nearMaxEntries());
    AccountReader reader =
        new AccountReader(
            near,
            ports.cache(),
            ports.accounts(),
            ports.platforms(),
            ports.time(),
            ports.scheduler());
    Announcements announcements =
        new Announcements(
            reader,
            ports.notices(),
            ports.events(),
            ports.audit(),
            ports.time(),
            ports.nodes().id());
    EventTail events = new EventTail(ports.scheduler(), ports.events());
    ports.notices().subscribe(notice -> events.heard());
    UpstreamHealth health =
        new UpstreamHealth(
            ports.routes(), ports.benches(), ports.breakers(), announcements, ports.time());
    PlatformPermits permits =
        new PlatformPermits(ports.scheduler(), ports.time(), ports.nodes()::live);
    PoolBook book = new PoolBook(ports.pools(), settings.pool().maxSwitches());
    Engine engine = engine(ports, settings, health, permits, announcements);
    Refresher refresher = new Refresher(engine);
    AccountTokens accounts = accountTokens(ports, reader, refresher, health, announcements);
    Reconciler reconciler =
        new Reconciler(
            ports.scheduler(),
            ports.changes(),
            ports.accounts(),
            health,
            book,
            announcements,
            reader,
            ports.nodes().id());
    ports.notices().subscribe(reconciler::heard);
    return new Core(
        new TokenService(
            accounts,
            pools(ports, settings, book, health, reader, accounts, announcements),
            reader,
            ports.audit(),
            ports.metrics()),
        new Reports(
            reader,
            ports.accounts(),
            ports.benches(),
            refresher,
            announcements,
            ports.audit(),
            ports.platforms(),
            ports.time(),
            settings.refresh().benchDuration()),
        refresher,
        announcements,
        health,
        reconciler,
        BackgroundRefresh.of(ports, settings, refresher, health, permits, announcements),
        new Housekeeping(
            ports.scheduler(),
            ports.tidying(),
            ports.metrics(),
            new EndingRefreshTokens(
                ports.scheduler(), ports.accounts(), announcements, ports.time())),
        EscrowReplay.of(engine),
        reader,
        book,
        events);
  }

  private static Engine engine(
      CorePorts ports,
      CoreSettings settings,
      UpstreamHealth health,
      PlatformPermits permits,
      Announcements announcements) {
    return new Engine(
        ports.platforms(),
        new Engine.Stores(
            ports.accounts(),
            ports.claims(),
            ports.escrow(),
            new LeftAnswers(ports.escrow()),
            ports.failPoints()),
        new Engine.Upstream(
            ports.provider(),
            health,
            new RouteBlame(health, ports.routes(), ports.scheduler()),
            new ClientBlame(health, ports.clients(), ports.routes(), announcements),
            permits,
            new ClientSecrets(),
            new UnlikeTemplate(ports.clients(), announcements, ports.metrics(), ports.time())),
        announcements,
        ports.metrics(),
        new Engine.Clock(ports.time(), ports.scheduler()),
        settings.refresh());
  }

  private static AccountTokens accountTokens(
      CorePorts ports,
      AccountReader reader,
      Refresher refresher,
      UpstreamHealth health,
      Announcements announcements) {
    ProjectDiscovery projects =
        new ProjectDiscovery(
            ports.accounts(),
            ports.proxies(),
            ports.projects(),
            announcements,
            ports.platforms(),
            ports.time());
    return new AccountTokens(
        ports.scheduler(),
        reader,
        ports.accounts(),
        refresher,
        health,
        projects,
        ports.platforms(),
        ports.time());
  }

  private static PoolTokens pools(
      CorePorts ports,
      CoreSettings settings,
      PoolBook book,
      UpstreamHealth health,
      AccountReader reader,
      AccountTokens accounts,
      Announcements announcements) {
    return new PoolTokens(
        ports.scheduler(),
        new PoolView(ports.changes(), ports.platforms(), ports.time(), announcements),
        book,
        new PoolSelection(health, ports.platforms(), ports.time()),
        reader,
        accounts,
        ports.platforms(),
        ports.time(),
        settings.pool());
  }
}
