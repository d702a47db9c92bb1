package dev.evertoken.domain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a caller met upstream with a token of that generation.
 *
 * @param status the upstream's HTTP status
 * @param retryAfter what the upstream asked for, or null
 * @param message a few words of the upstream, for the platform's rules; never kept
 */
public record Report(
    long generation, int status, @Nullable Duration retryAfter, @Nullable String message) {}
