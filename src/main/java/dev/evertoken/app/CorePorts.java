package dev.evertoken.app;

import dev.evertoken.domain.Platforms;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.Audit;
import dev.evertoken.port.BenchStore;
import dev.evertoken.port.Breakers;
import dev.evertoken.port.ChangeFeed;
import dev.evertoken.port.ClientStore;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.EventLog;
import dev.evertoken.port.FailPoints;
import dev.evertoken.port.Metrics;
import dev.evertoken.port.Nodes;
import dev.evertoken.port.Notices;
import dev.evertoken.port.OAuthProvider;
import dev.evertoken.port.PoolStore;
import dev.evertoken.port.ProjectLookup;
import dev.evertoken.port.ProxyProbe;
import dev.evertoken.port.ProxyStore;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.RouteStore;
import dev.evertoken.port.Scheduler;
import dev.evertoken.port.SealedRows;
import dev.evertoken.port.Tidying;
import dev.evertoken.port.Time;
import dev.evertoken.port.TokenCache;

/** Everything that the use cases are given. */
public record CorePorts(
    Scheduler scheduler,
    Platforms platforms,
    AccountStore accounts,
    BenchStore benches,
    RefreshClaims claims,
    RouteStore routes,
    ClientStore clients,
    ProxyStore proxies,
    PoolStore pools,
    ProxyProbe proxyProbe,
    ChangeFeed changes,
    TokenCache cache,
    Escrow escrow,
    OAuthProvider provider,
    ProjectLookup projects,
    Breakers breakers,
    Notices notices,
    EventLog events,
    Nodes nodes,
    Tidying tidying,
    SealedRows sealed,
    Audit audit,
    Metrics metrics,
    FailPoints failPoints,
    Time time) {}
