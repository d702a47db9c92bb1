package dev.evertoken.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.AccessToken;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.RefreshSchedule;
import dev.evertoken.domain.RefreshTokenState;
import dev.evertoken.domain.RefreshTokenState.Doubt;
import dev.evertoken.domain.Secret;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CredentialsCodecTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  private static Credentials credentials(FailureHistory history) {
    return new Credentials(
        12,
        new AccessToken(
            Secret.of("at"), "DPoP", NOW.plusSeconds(60), Duration.ofHours(1), 11L, NOW),
        new RefreshTokenState(true, 4, NOW.plusSeconds(900), new Doubt(NOW, 2, NOW.plusSeconds(1))),
        Secret.of("key"),
        new RefreshSchedule(NOW.plusSeconds(30), NOW.plusSeconds(40), NOW.minusSeconds(5)),
        new Claim(new UUID(1, 2), "node-1", NOW, NOW.plusSeconds(15)),
        history);
  }

  private static Credentials decoded(JsonObject json) {
    return CredentialsCodec.decode(new JsonFields(json));
  }

  @Test
  void keepsEverythingButTheHistory() {
    FailureHistory history = FailureHistory.NONE.failed(NOW, List.of(), true);

    JsonObject json = new JsonObject(CredentialsCodec.encode(credentials(history)).encode());

    assertThat(decoded(json)).isEqualTo(credentials(FailureHistory.NONE));
  }

  @Test
  void readsAnEntryOfTheReleaseBefore() {
    JsonObject old =
        new JsonObject(
            """
            {"generation": 12, "sequence": 4, "access_token": "at", "api_key": null,
             "has_refresh_token": true, "expires": "2026-11-23T10:01:00Z", "lifetime": "PT1H",
             "rejected_generation": null, "rejected": null, "refresh_due": "2026-11-23T10:00:30Z",
             "not_before": null, "claim": null, "unknown_since": "2026-11-23T10:00:00Z",
             "unknown_tries": 1, "forced": null}
            """);

    assertThat(decoded(old))
        .isEqualTo(
            new Credentials(
                12,
                AccessToken.of(Secret.of("at"), NOW.plusSeconds(60), Duration.ofHours(1)),
                new RefreshTokenState(true, 4, null, new Doubt(NOW, 1, null)),
                null,
                new RefreshSchedule(NOW.plusSeconds(30), null, null),
                null,
                FailureHistory.NONE));
  }
}
