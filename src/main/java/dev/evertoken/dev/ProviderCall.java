package dev.evertoken.dev;

import java.time.Instant;

/**
 * One HTTP call of the simulated provider.
 *
 * @param source the caller's socket
 */
public record ProviderCall(Instant at, Endpoint endpoint, String source) {}
