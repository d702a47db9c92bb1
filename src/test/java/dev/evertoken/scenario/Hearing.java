package dev.evertoken.scenario;

import dev.evertoken.rig.Await;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Reads a stream of server-sent events as it comes, as an {@code EventSource} would. */
final class Hearing implements AutoCloseable {

  /** One event. */
  record Heard(String id, String type, JsonObject data) {}

  final List<Heard> events = new CopyOnWriteArrayList<>();
  private final HttpResponse<InputStream> response;
  private volatile String lastId = "";
  private final AtomicInteger comments = new AtomicInteger();
  private volatile boolean begun;
  private volatile boolean ended;

  Hearing(HttpResponse<InputStream> response) {
    this.response = response;
    Thread.ofVirtual().start(this::read);
    Await.until("the stream begins, or is refused", () -> begun || ended, Duration.ofSeconds(20));
  }

  int status() {
    return response.statusCode();
  }

  /** What a later one would resume with. */
  String lastId() {
    return lastId;
  }

  int comments() {
    return comments.get();
  }

  boolean ended() {
    return ended;
  }

  List<String> types() {
    return events.stream().map(Heard::type).toList();
  }

  /** Waits for so many events of that type. */
  List<Heard> await(String type, int count) {
    Await.until(
        () -> count + " times " + type + ": " + types(),
        () -> events.stream().filter(event -> event.type().equals(type)).count() >= count,
        Duration.ofSeconds(20));
    return events.stream().filter(event -> event.type().equals(type)).toList();
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      String type = "";
      StringBuilder data = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(":")) {
          comments.incrementAndGet();
        } else if (line.startsWith("id: ")) {
          lastId = line.substring(4);
        } else if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data.append(line.substring(6));
        } else if (line.isEmpty()) {
          dispatch(type, data);
          type = "";
          begun = true;
        }
      }
    } catch (IOException gone) {
      Objects.requireNonNull(gone);
    } finally {
      ended = true;
    }
  }

  private void dispatch(@Nullable String type, StringBuilder data) {
    if (!data.isEmpty()) {
      events.add(new Heard(lastId, String.valueOf(type), new JsonObject(data.toString())));
      data.setLength(0);
    }
  }

  @Override
  public void close() {
    try {
      response.body().close();
    } catch (IOException gone) {
      ended = true;
    }
  }
}
