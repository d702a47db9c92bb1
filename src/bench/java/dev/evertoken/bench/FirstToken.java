package dev.evertoken.bench;

import dev.evertoken.rig.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * From exec to the first token, of an account that has one, with PostgreSQL and Redis there
 * already: the jar with the options of the image, with and without an ahead-of-time cache (JEP 483,
 * 514).
 */
final class FirstToken implements Figure {

  private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
  private static final List<String> IMAGE =
      List.of(
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:-HeapDumpOnOutOfMemoryError",
          "-XX:MaxRAMPercentage=70",
          "--sun-misc-unsafe-memory-access=allow");

  @Override
  public List<Result> measure(Path folder) throws Exception {
    Path jar = Path.of(System.getProperty("bench.jar")).toAbsolutePath();
    try (Stand stand = new Stand(folder)) {
      long account;
      try (ServiceProcess node = stand.process()) {
        account = stand.account(node.url());
      }
      Path cache = stand.folder().resolve("evertoken.aot");
      start(stand, jar, account, List.of("-XX:AOTCacheOutput=" + cache));
      List<Double> with = new ArrayList<>();
      List<Double> without = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        without.add(start(stand, jar, account, List.of()));
        with.add(start(stand, jar, account, List.of("-XX:AOTCache=" + cache)));
      }
      return List.of(new Result("exec to first token, AOT cache ÷ none", "ms", with, without));
    }
  }

  private static double start(Stand stand, Path jar, long account, List<String> more)
      throws Exception {
    int port = Stand.freePort();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(IMAGE);
    command.addAll(more);
    command.addAll(List.of("-jar", jar.toString(), "serve"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Files.createDirectories(stand.folder().resolve("first")).toFile())
            .redirectErrorStream(true)
            .redirectOutput(stand.folder().resolve("first.log").toFile());
    Map<String, String> environment = builder.environment();
    stand.settings().forEach((key, value) -> environment.put(Stand.environment(key), value));
    environment.put("EVERTOKEN_HTTP_PORT", Integer.toString(port));
    environment.put("EVERTOKEN_ADMIN_KEY", Stand.ADMIN_KEY);
    long begun = System.nanoTime();
    Process process = builder.start();
    try {
      awaitToken("http://127.0.0.1:" + port + "/v1/accounts/" + account + "/token");
      return (System.nanoTime() - begun) / 1e6;
    } finally {
      // The cache of a training run is written at its orderly end.
      process.destroy();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  private static void awaitToken(String url) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url))
              .header("Authorization", "Bearer " + Stand.ADMIN_KEY)
              .build();
      for (int i = 0; i < 6000; i++) {
        try {
          if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException notYet) {
          // It does not listen yet.
        }
        Thread.sleep(10);
      }
    }
    throw new IllegalStateException("No token within a minute");
  }
}
