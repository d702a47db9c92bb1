package dev.evertoken.bench;

import dev.evertoken.rig.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * From exec to the first token, of an account that has one, with PostgreSQL and Redis there
 * already: the jar with the options of the image, with and without an ahead-of-time cache (JEP 483,
 * 514), and with a million accounts beside that one.
 */
final class FirstToken implements Figure {

  private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
  private static final int FEW = 100;
  private static final int MANY = Integer.getInteger("bench.accounts", 1_000_000);
  private static final List<String> IMAGE =
      List.of(
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:-HeapDumpOnOutOfMemoryError",
          "-XX:MaxRAMPercentage=70",
          "--sun-misc-unsafe-memory-access=allow");

  @Override
  public List<Result> measure(Path folder) throws Exception {
    Path jar = Path.of(System.getProperty("bench.jar")).toAbsolutePath();
    try (Stand few = new Stand(folder.resolve("few"));
        Stand many = new Stand(folder.resolve("many"))) {
      long account = prepare(few, FEW);
      long amongMany = prepare(many, MANY);
      Path cache = few.folder().resolve("evertoken.aot");
      start(few, jar, account, List.of("-XX:AOTCacheOutput=" + cache));
      List<String> cached = List.of("-XX:AOTCache=" + cache);
      List<Double> with = new ArrayList<>();
      List<Double> without = new ArrayList<>();
      List<Double> large = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        without.add(start(few, jar, account, List.of()));
        with.add(start(few, jar, account, cached));
        large.add(start(many, jar, amongMany, cached));
      }
      return List.of(
          new Result("exec to first token, AOT cache ÷ none", "ms", with, without),
          new Result("the same, %,d accounts ÷ %,d".formatted(MANY, FEW), "ms", large, with));
    }
  }

  /** An account that has a token, among so many of one pool that rest; its id. */
  private static long prepare(Stand stand, int accounts) throws Exception {
    long account;
    try (ServiceProcess node = stand.process()) {
      account = stand.account(node.url());
    }
    try (Connection sql = stand.sql();
        Statement statement = sql.createStatement()) {
      statement.execute(
          """
          insert into accounts (incarnation, platform, type, name, status, paused, priority, pools,
            expires_at, lifetime_ms, refresh_due_at)
          select gen_random_uuid(), 'acme', 'oauth', 'account ' || n, 'active', false, 50, '{all}',
            now() + interval '1 day', 86400000, now() + interval '12 hours'
          from generate_series(1, %d) n
          """
              .formatted(accounts));
      statement.execute("vacuum analyze");
    }
    return account;
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
