package dev.evertoken.adapter.journal;

import dev.evertoken.domain.Secret;
import dev.evertoken.port.Escrow.Entry;
import java.time.Instant;
import java.util.UUID;

/** Answers to keep in tests. */
final class EscrowSamples {

  private EscrowSamples() {}

  static Entry entry(long n) {
    return entry(n, "{\"refresh_token\":\"canary-next-" + n + "\"}");
  }

  static Entry entry(long n, String body) {
    return new Entry(
        new UUID(1, n),
        n,
        new UUID(2, n),
        "antigravity",
        3,
        4,
        Secret.of("canary-presented-" + n),
        Instant.parse("2026-11-23T10:00:00.123456Z"),
        200,
        Secret.of(body),
        "background");
  }
}
