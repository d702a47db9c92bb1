package dev.evertoken.bench;

import dev.evertoken.rig.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
            stand.folder(), url, "http://127.0.0.1:" + plain, "http://127.0.0.1:" + redis, key);
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
      Path folder, String service, String bare, String redis, String key) throws Exception {
    for (String url : List.of(bare, service, redis, bare, service)) {
      Wrk.flatOut(url, key, EACH);
    }
    List<Double> ours = new ArrayList<>();
    List<Double> most = new ArrayList<>();
    List<Double> fromRedis = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      most.add(Wrk.flatOut(bare, key, EACH).perSecond());
      ours.add(Wrk.flatOut(service, key, EACH).perSecond());
      fromRedis.add(Wrk.flatOut(redis, key, EACH).perSecond());
    }
    double half = Result.median(ours) / 2;
    List<Double> p99 = new ArrayList<>();
    List<Double> bareP99 = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    List<Double> bareRates = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      Wrk.Load load = Wrk.paced(bare, key, EACH, half, folder);
      bareP99.add(load.p99());
      bareRates.add(load.perSecond());
      load = Wrk.paced(service, key, EACH, half, folder);
      p99.add(load.p99());
      rates.add(load.perSecond());
    }
    return List.of(
        new Result("warm HTTP token call ÷ bare Vert.x server", "requests/s", ours, most),
        new Result("the same ÷ one Redis GET a request", "requests/s", ours, fromRedis),
        new Result("p99 at half the top rate ÷ the bare server's", "ms", p99, bareP99),
        new Result("rates of that", "requests/s", rates, bareRates));
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
