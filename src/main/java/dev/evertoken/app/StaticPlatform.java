package dev.evertoken.app;

import dev.evertoken.domain.BreakerPolicy;
import dev.evertoken.domain.ClientAuth;
import dev.evertoken.domain.Limits;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.RefreshPolicy;
import dev.evertoken.domain.Rotation;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A platform for static keys whose name is in no template: nothing of it is ever called. */
final class StaticPlatform {

  private StaticPlatform() {}

  static Platform of(String name) {
    return new Platform(
        name,
        URI.create("https://localhost/"),
        null,
        null,
        "",
        List.of(),
        ClientAuth.NONE,
        List.of(),
        false,
        Map.of(),
        null,
        new Rotation.None(),
        Duration.ZERO,
        RefreshPolicy.DEFAULT,
        Limits.DEFAULT,
        BreakerPolicy.DEFAULT,
        List.of(),
        null,
        List.of("token_url"));
  }
}
