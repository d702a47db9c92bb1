package dev.evertoken.boot.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keyset rewrap}: brings what a running service stores under the primary key. */
@Command(
    name = "rewrap",
    description = {
      "Brings what the service stores under the key that seals.",
      "PostgreSQL, Redis and the escrow of its nodes, while all of them serve. Waits until every"
          + " node seals with that key; 0 when a whole sweep has found nothing under another one.",
    })
public final class RewrapCommand implements Callable<Integer> {

  private static final int PAGE = 500;
  private static final int MOST_SWEEPS = 5;
  private static final int TRIES = 60;
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

  /** What passes by itself: a node that has not read its file yet, a server that is away. */
  private static final Set<Exit> PASSING = EnumSet.of(Exit.CONFLICT, Exit.UNAVAILABLE);

  @Mixin private Connection service = new Connection();

  private record Sweep(String key, long postgres, long redis, long left) {

    static final Sweep NOTHING = new Sweep("", 0, 0, 0);

    Sweep and(JsonNode page) {
      JsonNode resealed = page.path("resealed");
      return new Sweep(
          page.path("primary_key").asText(),
          postgres + resealed.path("postgres").asLong(),
          redis + resealed.path("redis").asLong(),
          left + page.path("left").asLong());
    }

    boolean foundNothing() {
      return postgres + redis == 0;
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    Sweep last = sweep();
    long postgres = last.postgres();
    long redis = last.redis();
    for (int i = 1; i < MOST_SWEEPS && !last.foundNothing(); i++) {
      last = sweep();
      postgres += last.postgres();
      redis += last.redis();
    }
    long escrow = escrowLeft();
    ObjectNode told = Json.object();
    told.put("primary_key", last.key());
    told.putObject("resealed").put("postgres", postgres).put("redis", redis);
    told.putObject("left").put("postgres", last.left()).put("escrow", escrow);
    boolean complete = last.foundNothing() && last.left() == 0 && escrow == 0;
    told.put("complete", complete);
    service.show(new Answer(told.toString(), told));
    return (complete ? Exit.DONE : Exit.FAILED).code();
  }

  private Sweep sweep() throws InterruptedException {
    Sweep sweep = Sweep.NOTHING;
    String cursor = "0";
    while (cursor != null) {
      JsonNode page = page(cursor);
      sweep = sweep.and(page);
      cursor = next(page);
    }
    return sweep;
  }

  private static @Nullable String next(JsonNode page) {
    return page.hasNonNull("next_cursor") ? page.path("next_cursor").asText() : null;
  }

  private JsonNode page(String cursor) throws InterruptedException {
    String path = "/v1/keyset/rewrap?limit=" + PAGE + "&cursor=" + cursor;
    for (int tried = 1; ; tried++) {
      try {
        return service.api().send("POST", path, null).json();
      } catch (Refusal refusal) {
        if (tried == TRIES || !PASSING.contains(refusal.exit())) {
          throw refusal;
        }
        if (tried == 1) {
          refusal.lines().forEach(service.err()::println);
        }
      }
      Thread.sleep(BETWEEN_TRIES);
    }
  }

  private long escrowLeft() {
    long left = 0;
    for (JsonNode node : service.api().get("/v1/keyset").json().path("nodes")) {
      left += node.path("escrow_left").asLong();
    }
    return left;
  }
}
