package dev.evertoken.app;

import dev.evertoken.domain.Platforms;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.FailPoints;
import dev.evertoken.port.Metrics;
import dev.evertoken.port.OAuthProvider;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.Time;
import io.vertx.core.Vertx;

/** What a refresh works with. */
record RefreshParts(
    Vertx vertx,
    Platforms platforms,
    AccountStore store,
    RefreshClaims claims,
    OAuthProvider provider,
    Escrow escrow,
    Routes routes,
    Shares shares,
    Delivery delivery,
    Announcements announcements,
    FailPoints failPoints,
    Metrics metrics,
    Time time,
    RefreshSettings settings) {}
