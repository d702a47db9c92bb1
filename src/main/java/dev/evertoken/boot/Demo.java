package dev.evertoken.boot;

import dev.evertoken.boot.settings.Settings;
import dev.evertoken.boot.settings.SettingsLoader;
import dev.evertoken.dev.DemoStory;
import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.ProviderClients;
import dev.evertoken.dev.SimulatedProvider;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** A whole service on this machine, beside a simulated provider; nothing of it is kept. */
final class Demo implements AutoCloseable {

  private final Path folder;
  private final Vertx vertx;
  private final SimulatedProvider provider;
  private final Node node;

  private Demo(Path folder, Vertx vertx, SimulatedProvider provider, Node node) {
    this.folder = folder;
    this.vertx = vertx;
    this.provider = provider;
    this.node = node;
  }

  /**
   * Starts everything.
   *
   * @param port of its API; 0 picks a free one
   */
  static Demo start(String port) throws IOException {
    // Before the first class that logs: the story is not to be broken up by log events.
    LogSettings.apply(new Settings.Log(Settings.Log.Format.AUTO, Settings.Log.Level.ERROR));
    Path folder = Files.createTempDirectory("evertoken-demo-");
    Vertx vertx = Vertx.vertx();
    try {
      SimulatedProvider provider = SimulatedProvider.start(vertx).await();
      Settings settings = settings(folder, provider, port);
      return new Demo(folder, vertx, provider, Node.start(settings).await());
    } catch (IOException | RuntimeException e) {
      vertx.close().await();
      delete(folder);
      throw e;
    }
  }

  String url() {
    return "http://127.0.0.1:" + node.httpPort();
  }

  /** Tells the story; fails where a step was not as told. */
  void tell(PrintStream out) {
    new DemoStory(url(), node.adminKey().reveal(), provider, out).tell();
  }

  @Override
  public void close() throws IOException {
    node.stop().eventually(vertx::close).await();
    delete(folder);
  }

  /** Short waits, so that the story takes less than a minute. */
  private static Settings settings(Path folder, SimulatedProvider provider, String port)
      throws IOException {
    Path providers =
        Files.writeString(
            folder.resolve("providers.yaml"),
            """
            providers:
              demo:
                token_url: %s
                client_id: %s
                client_secret: %s
                breaker: {max_failures: 20, reset_timeout: 2s}
            """
                .formatted(
                    provider.url(Endpoint.TOKEN),
                    ProviderClients.DEFAULT_ID,
                    ProviderClients.DEFAULT_SECRET));
    return SettingsLoader.of(
            Map.of(
                "http.port",
                port,
                "data.dir",
                folder.resolve("data").toString(),
                "providers_file",
                providers.toString(),
                "refresh.retry_backoff",
                "300ms",
                "temp_unsched.duration",
                "5s",
                "log.level",
                "error"),
            Map.of())
        .settings();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
