package dev.evertoken.app;

/**
 * The use cases of one node, put together: the part of the composition root that knows how they
 * depend on each other.
 */
public record Core(
    TokenService tokens,
    Reports reports,
    Refresher refresher,
    Announcements announcements,
    Routes routes,
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
        new AccountReader(near, ports.cache(), ports.accounts(), ports.platforms(), ports.time());
    Announcements announcements =
        new Announcements(
            reader,
            ports.notices(),
            ports.events(),
            ports.audit(),
            ports.time(),
            ports.nodes().id());
    EventTail events = new EventTail(ports.vertx(), ports.events());
    ports.notices().subscribe(notice -> events.heard());
    Routes routes =
        new Routes(
            ports.suspensions(), ports.benches(), ports.breakers(), announcements, ports.time());
    PoolBook book = new PoolBook(ports.pools(), settings.pool().maxSwitches());
    Delivery delivery =
        new Delivery(
            ports.vertx(),
            ports.claims(),
            ports.escrow(),
            ports.provider(),
            announcements,
            ports.failPoints());
    Shares shares = new Shares(ports.vertx(), ports.nodes()::live);
    Refresher refresher =
        new Refresher(parts(ports, settings, routes, shares, delivery, announcements));
    ProjectDiscovery projects =
        new ProjectDiscovery(
            ports.accounts(),
            ports.proxies(),
            ports.projects(),
            announcements,
            ports.platforms(),
            ports.time());
    AccountTokens accounts =
        new AccountTokens(
            ports.vertx(),
            reader,
            ports.accounts(),
            refresher,
            routes,
            projects,
            ports.platforms(),
            ports.time());
    Reconciler reconciler =
        new Reconciler(
            ports.vertx(),
            ports.changes(),
            ports.accounts(),
            routes,
            book,
            announcements,
            reader,
            ports.nodes().id());
    ports.notices().subscribe(reconciler::heard);
    return new Core(
        new TokenService(
            accounts,
            pools(ports, settings, book, routes, reader, accounts, announcements),
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
        routes,
        reconciler,
        new BackgroundRefresh(
            ports.vertx(),
            ports.platforms(),
            ports.claims(),
            refresher,
            shares,
            routes,
            announcements,
            ports.nodes(),
            ports.metrics(),
            ports.time(),
            settings.scanInterval()),
        new Housekeeping(ports.vertx(), ports.tidying(), ports.metrics()),
        replay(ports, announcements),
        reader,
        book,
        events);
  }

  private static EscrowReplay replay(CorePorts ports, Announcements announcements) {
    Delivery delivery =
        new Delivery(
            ports.vertx(),
            ports.claims(),
            ports.escrow(),
            new NeverRevoking(ports.provider()),
            announcements,
            ports.failPoints());
    return new EscrowReplay(
        ports.escrow(),
        ports.provider(),
        new ReplayTarget(delivery, ports.accounts()),
        ports.platforms(),
        ports.time());
  }

  private static RefreshParts parts(
      CorePorts ports,
      CoreSettings settings,
      Routes routes,
      Shares shares,
      Delivery delivery,
      Announcements announcements) {
    return new RefreshParts(
        ports.vertx(),
        ports.platforms(),
        ports.accounts(),
        ports.claims(),
        ports.provider(),
        ports.escrow(),
        routes,
        shares,
        delivery,
        announcements,
        ports.failPoints(),
        ports.metrics(),
        ports.time(),
        settings.refresh());
  }

  private static PoolTokens pools(
      CorePorts ports,
      CoreSettings settings,
      PoolBook book,
      Routes routes,
      AccountReader reader,
      AccountTokens accounts,
      Announcements announcements) {
    return new PoolTokens(
        ports.vertx(),
        new PoolView(ports.changes(), ports.platforms(), ports.time(), announcements),
        book,
        new PoolSelection(routes, ports.platforms(), ports.time()),
        reader,
        accounts,
        ports.platforms(),
        ports.time(),
        settings.pool());
  }
}
