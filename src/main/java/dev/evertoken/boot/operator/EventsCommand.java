package dev.evertoken.boot.operator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code events}: what happens to the accounts, as it happens. */
@Command(
    name = "events",
    description = {
      "Follows what happens to the accounts, until Ctrl-C.",
      "Comes back by itself after a break, without losing an event of the last hour. With --json"
          + " one event a line."
    })
public final class EventsCommand implements Callable<Integer> {

  private static final Duration PAUSE = Duration.ofSeconds(2);

  @Mixin private Connection service = new Connection();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Such as refreshed, temp_unsched_set, error; may be repeated.")
  private @Nullable List<String> types;

  @Option(names = "--account", paramLabel = "ID")
  private @Nullable Long account;

  @Option(names = "--after", paramLabel = "ID", description = "Begin behind that event.")
  private @Nullable String last;

  @Override
  public Integer call() throws InterruptedException {
    follow();
    while (true) {
      service.err().println("The stream ended; trying again.");
      Thread.sleep(PAUSE);
      followAgain();
    }
  }

  private void followAgain() {
    try {
      follow();
    } catch (Refusal refused) {
      if (refused.exit() != Exit.UNREACHABLE && refused.exit() != Exit.UNAVAILABLE) {
        throw refused;
      }
      refused.lines().forEach(service.err()::println);
    }
  }

  /** Until the stream ends; one that breaks has ended. */
  private void follow() {
    String path = "/v1/events" + new Query().withAll("types", types).with("account", account);
    HttpRequest.Builder request = service.api().request(path).header("Accept", "text/event-stream");
    if (last != null) {
      request.header("Last-Event-ID", last);
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(service.api().stream(request), UTF_8))) {
      service.err().println("Following the events of " + service.api().url());
      StringBuilder data = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(line, data);
      }
    } catch (IOException e) {
      service.err().println(Problems.unreachable(service.api().url(), e).lines().getFirst());
    }
  }

  /** One line of the stream (HTML, section 9.2.6); an empty one ends an event. */
  private void take(String line, StringBuilder data) {
    if (line.isEmpty()) {
      if (!data.isEmpty()) {
        print(data.toString());
        data.setLength(0);
      }
      return;
    }
    int colon = line.indexOf(':');
    String field = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
    switch (field) {
      case "id" -> last = value;
      case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
      default -> {}
    }
  }

  private void print(String data) {
    if (service.json()) {
      service.printJson(data);
    } else {
      service.out().println(line(Json.read(data)));
    }
    service.out().flush();
  }

  private static String line(JsonNode event) {
    String what = event.hasNonNull("account") ? "account " + event.path("account").asLong() : "";
    return Stream.of("at", "type", "platform", "cause", "until", "reason")
        .map(event::path)
        .filter(value -> value.isValueNode() && !value.isNull())
        .map(Json::text)
        .collect(Collectors.joining("  ", "", what.isEmpty() ? "" : "  " + what));
  }
}
