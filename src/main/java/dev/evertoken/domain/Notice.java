package dev.evertoken.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A small message about a state change; a hint, ordered by its revision, never with a secret.
 *
 * @param id unique, so that a reader can drop a repeated one
 * @param key the API key that it is about, or null
 * @param pool whose settings changed, or null
 * @param node the node on which the change was made
 */
public record Notice(
    String id,
    Type type,
    @Nullable Long account,
    @Nullable String platform,
    @Nullable Long proxy,
    @Nullable Long key,
    @Nullable String pool,
    @Nullable Long generation,
    @Nullable Long revision,
    @Nullable Instant until,
    @Nullable BenchCause cause,
    @Nullable String reason,
    String node,
    Instant at) {

  public enum Type {
    REFRESHED,
    TEMP_UNSCHED_SET,
    TEMP_UNSCHED_CLEARED,
    ERROR,
    RECOVERED,
    CHANGED,
    DELETED,
    PROXY_DOWN,
    PROXY_UP,
    PROVIDER_DOWN,
    PROVIDER_UP,
    KEY_DELETED,
    REAUTHORIZATION_DUE,
    ANSWER_UNREADABLE,
    PROVIDER_UNLIKE_TEMPLATE
  }
}
