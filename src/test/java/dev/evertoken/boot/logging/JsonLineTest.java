package dev.evertoken.boot.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

final class JsonLineTest {
  private final LoggerContext context = new LoggerContext();

  @Test
  void writesTheEventWithItsKeysAsOneObject() {
    context.putProperty("node", "n1");
    var event = event("dev.evertoken.app.Refresh", "refreshed", null);
    event.setInstant(Instant.parse("2026-11-23T10:00:00Z"));
    event.addKeyValuePair(new KeyValuePair("account", 7L));
    event.addKeyValuePair(new KeyValuePair("class", "success"));

    assertThat(encoded(event))
        .isEqualTo(
            """
            {"ts":"2026-11-23T10:00:00Z","level":"INFO","event":"refreshed","node":"n1",\
            "account":7,"class":"success","logger":"dev.evertoken.app.Refresh"}
            """);
  }

  @Test
  void writesATypeThatHidesItsContentAsItsToString() {
    var event = event("dev.evertoken.app.Refresh", "refreshed", null);
    event.addKeyValuePair(new KeyValuePair("secret", new Hiding("canary")));

    assertThat(encoded(event)).contains("\"secret\":\"hidden\"").doesNotContain("canary");
  }

  @Test
  void writesAStackOnOneLineWithoutWhatItsMessagesQuote() {
    var parsing = new io.vertx.core.json.DecodeException("Unrecognized token 'canary'");
    var thrown = new IllegalStateException("password=canary and more", parsing);

    var line = encoded(event("dev.evertoken.app.Refresh", "bug", thrown));

    assertThat(line).doesNotContain("canary").endsWith("}\n").containsOnlyOnce("\n");
    assertThat(new JsonObject(line).getString("stack"))
        .startsWith("java.lang.IllegalStateException: password=*** and more\n\tat ")
        .contains("Caused by: io.vertx.core.json.DecodeException\n");
  }

  @Test
  void scrubsTheTextsOfLibraries() {
    assertThat(encoded(event("io.vertx.redis.client", "AUTH failed, password=canary", null)))
        .doesNotContain("canary");
  }

  private LoggingEvent event(String logger, String text, @Nullable Throwable thrown) {
    return new LoggingEvent("", context.getLogger(logger), Level.INFO, text, thrown, null);
  }

  private static String encoded(LoggingEvent event) {
    return new String(new JsonLine().encode(event), UTF_8);
  }

  private record Hiding(String content) {
    @Override
    public String toString() {
      return "hidden";
    }
  }
}
