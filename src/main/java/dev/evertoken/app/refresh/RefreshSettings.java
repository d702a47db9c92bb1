package dev.evertoken.app.refresh;

import java.time.Duration;

/**
 * How refreshes are tried.
 *
 * @param maxAttempts in all, of one refresh
 * @param retryBackoff the longest wait before the second attempt; doubles, with full jitter
 * @param deadline no retry starts that would end after it
 * @param benchDuration how long an account sits out whose refresh failed
 */
public record RefreshSettings(
    int maxAttempts, Duration retryBackoff, Duration deadline, Duration benchDuration) {}
