package dev.evertoken.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A proxy through which accounts are refreshed; {@code revision} orders its changes. */
public record Proxy(
    long id,
    String name,
    ProxyKind kind,
    String host,
    int port,
    @Nullable String user,
    @Nullable Secret password,
    boolean disabled,
    long revision,
    Instant createdAt,
    Instant updatedAt) {}
