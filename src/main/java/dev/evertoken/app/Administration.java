package dev.evertoken.app;

import dev.evertoken.port.AuditLog;
import dev.evertoken.port.KeyStore;

/** The use cases of operators, put together. */
public record Administration(
    VisibleAccounts visible,
    AccountCreation creation,
    AccountAdmin accounts,
    BenchAdmin benches,
    BatchRefresh batch,
    ProxyAdmin proxies,
    ProxyTests proxyTests,
    PoolAdmin pools,
    ProviderAdmin providers,
    KeyAdmin keys,
    AuditReading audit,
    KeyRewrap rewrap,
    AccountImport imports,
    AccountExport exports) {

  /** Puts them beside the core of the same node. */
  public static Administration of(
      Core core, CorePorts ports, KeyStore keys, AuditLog auditLog, CallerAuthentication callers) {
    VisibleAccounts visible =
        new VisibleAccounts(ports.accounts(), core.routes()::suspensions, ports.time());
    AccountRules rules = new AccountRules(ports.platforms(), ports.proxies(), ports.time());
    KeyAdmin keyAdmin = new KeyAdmin(keys, callers, core.announcements(), ports.audit());
    ports.notices().subscribe(keyAdmin::heard);
    ProxyAdmin proxies = new ProxyAdmin(ports.proxies(), core.routes(), ports.audit());
    AccountAdmin accounts =
        new AccountAdmin(
            ports.accounts(),
            rules,
            visible,
            core.refresher(),
            new Revocation(
                ports.platforms(),
                ports.proxies(),
                ports.provider(),
                core.refresher().clientSecrets()),
            core.announcements(),
            ports.audit());
    AccountCreation creation =
        new AccountCreation(ports.accounts(), rules, visible, core.announcements(), ports.audit());
    return new Administration(
        visible,
        creation,
        accounts,
        new BenchAdmin(ports.benches(), visible, core.announcements(), ports.audit(), ports.time()),
        new BatchRefresh(accounts),
        proxies,
        new ProxyTests(proxies, ports.proxies(), ports.platforms(), ports.proxyProbe()),
        new PoolAdmin(
            ports.pools(), core.pools(), ports.platforms(), core.announcements(), ports.audit()),
        new ProviderAdmin(ports.platforms(), core.routes()),
        keyAdmin,
        new AuditReading(auditLog),
        new KeyRewrap(ports.sealed(), ports.cache(), ports.escrow(), ports.nodes(), ports.audit()),
        new AccountImport(
            ports.scheduler(),
            ports.accounts(),
            creation,
            accounts,
            new ImportedProxies(ports.proxies(), proxies)),
        new AccountExport(ports.accounts(), ports.audit()));
  }
}
