package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.evertoken.http.ApiRig.Answer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Whatever is sent, no log of ours at DEBUG and no answer but a token's shows it. */
final class HttpCanaryTest {

  private static final String CANARY = "canary-" + "c0ffee";

  private final Logger ours = (Logger) LoggerFactory.getLogger("dev.evertoken");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private ApiRig rig;

  @BeforeEach
  void start() {
    rig = new ApiRig();
    log.start();
    ours.setLevel(Level.DEBUG);
    ours.addAppender(log);
  }

  @AfterEach
  void stop() {
    ours.detachAppender(log);
    ours.setLevel(null);
    rig.close();
  }

  @Test
  void noLogAndNoAnswerShowsWhatWasSent() {
    long id = rig.healthy("watched");
    List<Answer> answers =
        List.of(
            rig.post("/v1/accounts", "{\"name\":\"%1$s\",\"platform\":\"%1$s\"}".formatted(CANARY)),
            rig.post("/v1/accounts", "{\"refresh_token\":\"" + CANARY + "\""),
            rig.post("/v1/proxies", "{\"name\":\"p\",\"url\":\"ftp://u:" + CANARY + "@h:1\"}"),
            rig.post("/v1/keys", "{\"name\":\"k\",\"scopes\":[\"" + CANARY + "\"]}"),
            rig.post("/v1/token", "{\"pool\":\"" + CANARY + "\"}"),
            rig.get("/v1/" + CANARY),
            rig.get("/v1/accounts/" + CANARY + "/token"),
            rig.get("/v1/accounts/" + id + "/token?platform=" + CANARY),
            rig.get("/v1/accounts/" + id + "/token?min_ttl=" + CANARY),
            rig.get("/v1/accounts/" + id + "?api_key=x"),
            rig.call("PATCH", "/v1/accounts/" + id, "{\"status\":\"" + CANARY + "\"}"),
            rig.call("PUT", "/v1/accounts/" + id + "/temp-unschedulable", CANARY));

    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.status()).isBetween(400, 499);
              assertThat(answer.response().body()).doesNotContain(CANARY).doesNotContain("canary");
            });
    assertThat(rig.get("/v1/accounts/" + id + "/token").status()).isEqualTo(200);
    rig.call("POST", "/v1/accounts/" + id + "/refresh", null);
    assertThat(log.list).isNotEmpty();
    assertThat(List.copyOf(log.list))
        .map(event -> event.getFormattedMessage() + event.getKeyValuePairs())
        .noneMatch(line -> line.contains("canary"));
  }
}
