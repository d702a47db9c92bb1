package dev.evertoken.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs {@code wrk}: one thread, keep-alive connections, 64 of them. */
final class Wrk {

  static final int CONNECTIONS = 64;

  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)");

  /**
   * What a run showed.
   *
   * @param p99 in milliseconds
   */
  record Load(double perSecond, double p99) {}

  private Wrk() {}

  /** As fast as it goes. */
  static Load flatOut(String url, String key, Duration time) throws Exception {
    return run(url, time, List.of("-H", "Authorization: Bearer " + key));
  }

  /** The same, on the first core alone. */
  static Load flatOutOnFirstCore(String url, String key, Duration time) throws Exception {
    return run(
        List.of("taskset", "-c", "0"), url, time, List.of("-H", "Authorization: Bearer " + key));
  }

  /** With a pause after each answer, so that all connections together make about that rate. */
  static Load paced(String url, String key, Duration time, double perSecond, Path folder)
      throws Exception {
    double pause = CONNECTIONS * 1000 / perSecond;
    Path script =
        Files.writeString(
            folder.resolve("paced.lua"),
            """
            local pause = %s
            function delay()
              return math.floor(math.random() * 2 * pause + 0.5)
            end
            """
                .formatted(pause));
    return run(url, time, List.of("-H", "Authorization: Bearer " + key, "-s", script.toString()));
  }

  /** The same form again and again, from so many callers at once. */
  static Load posts(String url, String form, int callers, Duration time, Path folder)
      throws Exception {
    Path script =
        Files.writeString(
            folder.resolve("posts.lua"),
            """
            wrk.method = "POST"
            wrk.body = "%s"
            wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
            """
                .formatted(form));
    return run(url, time, List.of("-c" + callers, "-s", script.toString()));
  }

  private static Load run(String url, Duration time, List<String> more)
      throws IOException, InterruptedException {
    return run(List.of(), url, time, more);
  }

  private static Load run(List<String> before, String url, Duration time, List<String> more)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of("wrk", "-t1", "-c" + CONNECTIONS, "-d" + time.toSeconds() + "s", "--latency"));
    command.addAll(more);
    command.add(url);
    Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (wrk.waitFor() != 0 || out.contains("Non-2xx") || out.contains("Socket errors")) {
      throw new IllegalStateException("wrk is not content:\n" + out);
    }
    return new Load(number(RATE, out), millis(out));
  }

  private static double number(Pattern pattern, String out) {
    Matcher found = pattern.matcher(out);
    if (!found.find()) {
      throw new IllegalStateException("wrk said:\n" + out);
    }
    return Double.parseDouble(found.group(1));
  }

  private static double millis(String out) {
    Matcher found = P99.matcher(out);
    if (!found.find()) {
      throw new IllegalStateException("wrk said:\n" + out);
    }
    double value = Double.parseDouble(found.group(1));
    return switch (found.group(2)) {
      case "us" -> value / 1000;
      case "ms" -> value;
      default -> value * 1000;
    };
  }
}
