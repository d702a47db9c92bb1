package dev.evertoken.domain;

import java.time.Instant;

/**
 * Why an account is in {@code error}.
 *
 * @param code the provider's error code (RFC 6749, section 5.2), or one of ours such as {@code
 *     refresh_token_missing}
 * @param detail a public, scrubbed text
 */
public record AccountError(String code, String detail, Instant since) {}
