package dev.evertoken.chaos;

import dev.evertoken.rig.Await;
import dev.evertoken.rig.Jdbc;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Looks into Redis all the time: what it has of an account only ever moves forward. */
final class CacheWatch implements AutoCloseable {

  private static final Duration BETWEEN = Duration.ofMillis(40);

  /**
   * @param sure until when the entry cannot have gone by itself, in nanoseconds of this process
   */
  private record Held(long revision, long sure) {}

  private final Nodes nodes;
  private final Accounts accounts;
  private final Oracle oracle;
  private final String keys;
  private final AtomicBoolean done = new AtomicBoolean();
  private final Map<Long, Held> held = new HashMap<>();
  private final Thread thread;

  CacheWatch(Nodes nodes, Accounts accounts, Oracle oracle) {
    this.nodes = nodes;
    this.accounts = accounts;
    this.oracle = oracle;
    this.keys = "evertoken:" + installation() + ":{";
    this.thread = Thread.ofPlatform().name("cache-watch").start(this::run);
  }

  private String installation() {
    try (Connection connection = Jdbc.connect(nodes.postgres().uri());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select id from installation")) {
      row.next();
      return row.getString(1);
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  private void run() {
    while (!done.get()) {
      // Redis may be killed and come back empty: with each connection it begins anew.
      held.clear();
      Redis redis = Redis.createClient(nodes.vertx(), nodes.redis().uri());
      try {
        watch(redis.connect().toCompletionStage().toCompletableFuture().join());
      } catch (RuntimeException away) {
        Await.pass(BETWEEN);
      } finally {
        redis.close();
      }
    }
  }

  private void watch(RedisConnection connection) {
    while (!done.get()) {
      look(connection, List.copyOf(accounts.ids()));
      Await.pass(BETWEEN);
    }
  }

  private void look(RedisConnection connection, List<Long> ids) {
    List<Request> commands = new ArrayList<>();
    for (long id : ids) {
      commands.add(Request.cmd(Command.HGET).arg(keys + id + "}").arg("rev"));
      commands.add(Request.cmd(Command.PTTL).arg(keys + id + "}"));
    }
    long begun = System.nanoTime();
    List<@Nullable Response> answers =
        new ArrayList<>(
            connection.batch(commands).toCompletionStage().toCompletableFuture().join());
    for (int i = 0; i < ids.size(); i++) {
      Response revision = answers.get(2 * i);
      Response left = answers.get(2 * i + 1);
      if (revision == null || left == null) {
        held.remove(ids.get(i));
      } else {
        long sure = begun + Duration.ofMillis(Long.parseLong(left.toString())).toNanos();
        compare(ids.get(i), new Held(Long.parseLong(revision.toString()), sure));
      }
    }
  }

  private void compare(long id, Held now) {
    Held before = held.put(id, now);
    if (before != null && now.revision() < before.revision() && System.nanoTime() < before.sure()) {
      oracle.accuse(
          "Redis went back from revision %d of account %d to %d"
              .formatted(before.revision(), id, now.revision()));
    }
  }

  @Override
  public void close() {
    done.set(true);
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
