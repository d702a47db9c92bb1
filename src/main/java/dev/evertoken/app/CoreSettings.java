package dev.evertoken.app;

import dev.evertoken.app.refresh.RefreshSettings;
import java.time.Duration;

/**
 * What the use cases can be tuned by (contract, section 2).
 *
 * @param nearMaxAge how long this node's copy is served without asking anybody
 * @param nearMaxOutage the same while Redis and PostgreSQL are both away
 * @param scanInterval the longest sleep of the background
 */
public record CoreSettings(
    RefreshSettings refresh,
    PoolSettings pool,
    Duration nearMaxAge,
    Duration nearMaxOutage,
    long nearMaxEntries,
    Duration scanInterval) {}
