package dev.evertoken.adapter.journal;

import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.Escrow.Entry;
import dev.evertoken.port.Escrow.Holder;
import dev.evertoken.port.Escrow.Presented;
import java.time.Instant;
import java.util.Map;
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
        new Holder(n, new UUID(2, n), "antigravity"),
        new Presented(Secret.of("canary-presented-" + n), 3, 4),
        Instant.parse("2026-11-23T10:00:00.123456Z").plusSeconds(n),
        Trigger.BACKGROUND,
        new RawAnswer(200, Map.of(), Secret.of(body), RawAnswer.End.WHOLE));
  }
}
