package dev.evertoken.domain;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a token endpoint answered, before it is judged.
 *
 * @param json the body as a JSON object, or null when it is none
 * @param retryAfter as the header said, parsed but not clamped, or null
 * @param body the raw bytes, at most 64 KiB, for the escrow; holds secrets
 */
public record ProviderAnswer(
    int status, @Nullable Map<String, Object> json, @Nullable Duration retryAfter, Secret body) {}
