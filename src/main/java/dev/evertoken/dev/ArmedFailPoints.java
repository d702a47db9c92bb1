package dev.evertoken.dev;

import dev.evertoken.domain.WireName;
import dev.evertoken.port.FailPoints;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A fail point that is armed for a fault run: the nth time that the refresh gets there the process
 * is killed with SIGKILL, stopped with SIGSTOP, or held up for a while.
 *
 * <p>Written {@code <point>:<action>[:<nth>]}, with the action {@code kill}, {@code stop} or a
 * number of milliseconds, for example {@code after_escrow:kill} or {@code before_send:stop:3};
 * several with commas between them.
 */
public final class ArmedFailPoints implements FailPoints {

  private final Vertx vertx;
  private final Point armed;
  private final String action;
  private final int nth;
  private final AtomicInteger reached = new AtomicInteger();

  private ArmedFailPoints(Vertx vertx, Point armed, String action, int nth) {
    this.vertx = vertx;
    this.armed = armed;
    this.action = action;
    this.nth = nth;
  }

  /** Reads the description; fails with {@link IllegalArgumentException} when it is none. */
  public static FailPoints parse(Vertx vertx, String description) {
    List<ArmedFailPoints> all =
        Stream.of(description.split(",", -1)).map(one -> one(vertx, one)).toList();
    return point -> {
      Future<Void> reached = Future.succeededFuture();
      for (ArmedFailPoints armed : all) {
        reached = reached.compose(before -> armed.reach(point));
      }
      return reached;
    };
  }

  private static ArmedFailPoints one(Vertx vertx, String description) {
    String[] parts = description.split(":", -1);
    Point point =
        WireName.parse(Point.class, parts[0])
            .orElseThrow(() -> new IllegalArgumentException("no such fail point: " + parts[0]));
    String action = parts.length > 1 ? parts[1] : "kill";
    if (!action.matches("kill|stop|[0-9]+")) {
      throw new IllegalArgumentException("not kill, stop or milliseconds: " + action);
    }
    int nth = parts.length > 2 ? Integer.parseInt(parts[2]) : 1;
    return new ArmedFailPoints(vertx, point, action, nth);
  }

  @Override
  public Future<Void> reach(Point point) {
    if (point != armed || reached.incrementAndGet() != nth) {
      return Future.succeededFuture();
    }
    return switch (action) {
      case "kill" -> signal("-KILL");
      case "stop" -> signal("-STOP").compose(sent -> Future.succeededFuture());
      default ->
          vertx
              .timer(Duration.ofMillis(Long.parseLong(action)).toMillis(), TimeUnit.MILLISECONDS)
              .mapEmpty();
    };
  }

  /** After SIGKILL nothing of this process goes on, so the future never completes. */
  private Future<Void> signal(String signal) {
    try {
      String self = String.valueOf(ProcessHandle.current().pid());
      new ProcessBuilder("kill", signal, self).inheritIO().start().waitFor();
    } catch (IOException failure) {
      return Future.failedFuture(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return signal.equals("-KILL") ? Promise.<Void>promise().future() : Future.succeededFuture();
  }
}
