package dev.evertoken.app;

import java.time.Duration;

/**
 * How a pool fails over.
 *
 * @param switchAfter the longest wait for one account while others remain
 * @param maxSwitches how often one request moves on to another account that must refresh
 */
public record PoolSettings(Duration switchAfter, int maxSwitches) {}
