package dev.evertoken.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a token endpoint answered, as far as it can be read, before it is judged.
 *
 * @param status the HTTP status; 0 when what came is not HTTP
 * @param json the members of the body, JSON or a form, whose end was seen; null when it has no such
 *     structure; holds secrets
 * @param whole whether the end of that structure was seen
 * @param retryAfter as the header said, counted from the answer's own date, not clamped; or null
 * @param date the answer's {@code Date} header, or null
 * @param readAt when it was read
 * @param body the text of the body, for those who look for something else; holds secrets
 */
public record ProviderAnswer(
    int status,
    @Nullable Map<String, Object> json,
    boolean whole,
    @Nullable Duration retryAfter,
    @Nullable Instant date,
    Instant readAt,
    Secret body) {

  /** An answer that was read to its end and has no date. */
  public ProviderAnswer(
      int status, @Nullable Map<String, Object> json, @Nullable Duration retryAfter, Secret body) {
    this(status, json, json != null, retryAfter, null, Instant.EPOCH, body);
  }

  /** Only the status: the rest may hold tokens. */
  @Override
  public String toString() {
    return "ProviderAnswer[status=" + status + "]";
  }
}
