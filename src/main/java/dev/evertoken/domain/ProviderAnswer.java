package dev.evertoken.domain;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a token endpoint answered, before it is judged.
 *
 * @param json the body as a JSON object, or null when it is none; holds secrets
 * @param retryAfter as the header said, parsed but not clamped, or null
 * @param body the raw text, for the escrow; empty when it was over 64 KiB; holds secrets
 */
public record ProviderAnswer(
    int status, @Nullable Map<String, Object> json, @Nullable Duration retryAfter, Secret body) {

  /** Only the status: the rest may hold tokens. */
  @Override
  public String toString() {
    return "ProviderAnswer[status=" + status + "]";
  }
}
