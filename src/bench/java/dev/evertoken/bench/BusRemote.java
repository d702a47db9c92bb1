package dev.evertoken.bench;

import com.hazelcast.config.Config;
import com.hazelcast.config.YamlConfigBuilder;
import dev.evertoken.bus.Addresses;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A token call over the clustered event bus from a member that has no node of its own. */
final class BusRemote implements Figure {

  @Override
  public List<Result> measure(Path folder) throws Exception {
    try (Stand stand = new Stand(folder)) {
      int port = Stand.freePort();
      stand
          .clustered()
          .set("data.dir", stand.folder().resolve("remote").toString())
          .set("http.port", Integer.toString(port));
      Process node =
          Stand.java(stand.folder().resolve("node.log"), BusNode.class.getName(), arguments(stand));
      Vertx member = null;
      try {
        awaitLine(stand.folder().resolve("node.log"), "serving");
        long account = stand.account("http://127.0.0.1:" + port);
        member = member(Files.readString(stand.folder().resolve("hazelcast.yaml")));
        JsonObject question = new JsonObject().put("account", account);
        JsonObject answer = Stand.within(BusCalls.ask(member, Addresses.TOKEN_GET, question));
        // The node learns from it what to echo.
        Stand.within(member.eventBus().request(BusNode.LEARN, answer));
        return List.of(
            BusCalls.compare("event-bus token call from another node ÷ echo", member, account));
      } finally {
        if (member != null) {
          member.close().await(20, TimeUnit.SECONDS);
        }
        node.destroyForcibly();
      }
    }
  }

  private static String[] arguments(Stand stand) {
    List<String> all = new ArrayList<>();
    for (Map.Entry<String, String> setting : stand.settings().entrySet()) {
      all.add(setting.getKey() + "=" + setting.getValue());
    }
    return all.toArray(String[]::new);
  }

  private static Vertx member(String hazelcast) throws Exception {
    Config config =
        new YamlConfigBuilder(new ByteArrayInputStream(hazelcast.getBytes(StandardCharsets.UTF_8)))
            .build();
    return Stand.within(
        Vertx.builder()
            .with(
                new VertxOptions()
                    .setPreferNativeTransport(true)
                    .setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
            .withClusterManager(new HazelcastClusterManager(config))
            .buildClustered());
  }

  private static void awaitLine(Path log, String text) throws Exception {
    for (int i = 0; i < 600; i++) {
      if (Files.exists(log) && Files.readString(log).contains(text)) {
        return;
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("No \"" + text + "\" in " + Files.readString(log));
  }
}
