package dev.evertoken.bench;

import dev.evertoken.rig.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@code GET /v1/accounts/{id}/token} of an account in this node's memory with the check of an API
 * key, against a bare server that answers the same bytes, and against one that gets them from
 * Redis; asked in turns.
 */
final class WarmHttp implements Figure {

  private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
  private static final Duration EACH = Duration.ofSeconds(Integer.getInteger("bench.seconds", 8));

  @Override
  public List<Result> measure(Path folder) throws Exception {
    try (Stand stand = new Stand(folder);
        ServiceProcess service = stand.process()) {
      String url = service.url() + "/v1/accounts/" + stand.account(service.url()) + "/token";
      String key = stand.readerKey(service.url());
      stand.get(url, key);
      HttpResponse<String> answer = stand.get(url, key);
      Path headers = Files.writeString(stand.folder().resolve("headers"), headers(answer));
      Path body = Files.writeString(stand.folder().resolve("body"), answer.body());
      int plain = Stand.freePort();
      int redis = Stand.freePort();
      Process bare = start(stand, "bare", plain, headers, body);
      Process withRedis = start(stand, "bare-redis", redis, headers, body, stand.redis());
      try {
        return compare(
            stand.folder(),
            new Server(url, ProcessHandle.of(service.pid()).orElseThrow()),
            new Server("http://127.0.0.1:" + plain, bare.toHandle()),
            new Server("http://127.0.0.1:" + redis, withRedis.toHandle()),
            key);
      } finally {
        // In order, so that a flight recording of it is written.
        service.sigterm();
        service.exitCode(Duration.ofSeconds(30));
        bare.destroyForcibly();
        withRedis.destroyForcibly();
      }
    }
  }

  private static List<Result> compare(
      Path folder, Server service, Server bare, Server redis, String key) throws Exception {
    for (Server server : List.of(bare, service, redis, bare, service)) {
      server.flatOut(key);
    }
    List<Spent> ours = new ArrayList<>();
    List<Spent> most = new ArrayList<>();
    List<Spent> fromRedis = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      most.add(bare.flatOut(key));
      ours.add(service.flatOut(key));
      fromRedis.add(redis.flatOut(key));
    }
    double half = Result.median(rates(ours)) / 2;
    List<Wrk.Load> paced = new ArrayList<>();
    List<Wrk.Load> barePaced = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      barePaced.add(Wrk.paced(bare.url(), key, EACH, half, folder));
      paced.add(Wrk.paced(service.url(), key, EACH, half, folder));
    }
    List<Double> apart = new ArrayList<>();
    List<Double> bareApart = new ArrayList<>();
    for (Server server : List.of(bare, service)) {
      server.leaveTheFirstCore();
    }
    for (int round = 0; round < ROUNDS; round++) {
      bareApart.add(Wrk.flatOutOnFirstCore(bare.url(), key, EACH).perSecond());
      apart.add(Wrk.flatOutOnFirstCore(service.url(), key, EACH).perSecond());
    }
    return List.of(
        new Result(
            "warm HTTP token call ÷ bare Vert.x server", "requests/s", rates(ours), rates(most)),
        new Result(
            "the same, wrk and server on cores of their own", "requests/s", apart, bareApart),
        new Result(
            "the same ÷ one Redis GET a request", "requests/s", rates(ours), rates(fromRedis)),
        new Result("processor time of the server a request", "µs", micros(ours), micros(most)),
        new Result(
            "p99 at half the top rate ÷ the bare server's",
            "ms",
            paced.stream().map(Wrk.Load::p99).toList(),
            barePaced.stream().map(Wrk.Load::p99).toList()),
        new Result(
            "rates of that",
            "requests/s",
            paced.stream().map(Wrk.Load::perSecond).toList(),
            barePaced.stream().map(Wrk.Load::perSecond).toList()));
  }

  private static List<Double> rates(List<Spent> rounds) {
    return rounds.stream().map(Spent::perSecond).toList();
  }

  private static List<Double> micros(List<Spent> rounds) {
    return rounds.stream().map(Spent::micros).toList();
  }

  /**
   * What a run came to.
   *
   * @param micros of processor time for each request, in the server alone
   */
  private record Spent(double perSecond, double micros) {}

  /** One that is asked. */
  private record Server(String url, ProcessHandle process) {

    Spent flatOut(String key) throws Exception {
      Duration before = cpu();
      Wrk.Load load = Wrk.flatOut(url, key, EACH);
      double requests = load.perSecond() * EACH.toSeconds();
      return new Spent(load.perSecond(), cpu().minus(before).toNanos() / 1000.0 / requests);
    }

    void leaveTheFirstCore() throws Exception {
      String others = "1-" + (Runtime.getRuntime().availableProcessors() - 1);
      Process taskset =
          new ProcessBuilder("taskset", "-acp", others, Long.toString(process.pid()))
              .redirectErrorStream(true)
              .start();
      String out = new String(taskset.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (taskset.waitFor() != 0) {
        throw new IllegalStateException("taskset said:\n" + out);
      }
    }

    private Duration cpu() {
      return process.info().totalCpuDuration().orElseThrow();
    }
  }

  private static String headers(HttpResponse<String> answer) {
    return answer.headers().map().entrySet().stream()
        .filter(header -> !header.getKey().equalsIgnoreCase("content-length"))
        .map(header -> header.getKey() + ": " + header.getValue().getFirst())
        .collect(Collectors.joining("\n"));
  }

  private static Process start(
      Stand stand, String name, int port, Path headers, Path body, String... more)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of(Integer.toString(port), headers.toString(), body.toString()));
    arguments.addAll(List.of(more));
    Process process =
        Stand.java(
            stand.folder().resolve(name + ".log"),
            BareServer.class.getName(),
            arguments.toArray(String[]::new));
    awaitAnswer("http://127.0.0.1:" + port + "/");
    return process;
  }

  private static void awaitAnswer(String url) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
      for (int i = 0; i < 300; i++) {
        try {
          http.send(request, HttpResponse.BodyHandlers.discarding());
          return;
        } catch (IOException notYet) {
          Thread.sleep(100);
        }
      }
    }
    throw new IllegalStateException("Nothing answers at " + url);
  }
}
