package dev.evertoken.sim;

import dev.evertoken.memory.MemoryDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way between a process and a store: calls take their time, and by the seed their requests or
 * answers are lost, come late or twice, and the process dies or freezes in them.
 *
 * <p>A call runs at a time of its own, between the request and the answer, so a caller's failure
 * says nothing about its effect. An answer is an event of the process, which a frozen one reads
 * late and a dead one never.
 */
final class FaultyPorts {

  /** How long a statement may take before its caller is told that it failed. */
  static final Duration DEADLINE = Duration.ofSeconds(2);

  /** Writes that decide by what they compare, so that one that is repeated changes nothing. */
  private static final Set<String> REPEATABLE = Set.of("commit", "extend", "release");

  /** What a process meets at a call. */
  interface Blows {
    /** Kills or freezes the process, before the request or after it; most often nothing. */
    void call(SimNode.Running process, String method, boolean before);
  }

  private final VirtualTime time;
  private final Random random;
  private final Blows blows;

  /** Whether a call takes seconds now and then. */
  boolean slow;

  /** Until when calls were slow or went wrong. */
  Instant troubledUntil = Instant.MIN;

  /** The chance that a call goes wrong. */
  double flakiness;

  FaultyPorts(VirtualTime time, Random random, Blows blows) {
    this.time = time;
    this.random = random;
    this.blows = blows;
  }

  /** A port in PostgreSQL. */
  <T> T database(Class<T> port, T store, SimNode.Running process) {
    return wrap(port, store, process, true);
  }

  /** A port in Redis: slow at times, and never failing. */
  <T> T cache(Class<T> port, T cache, SimNode.Running process) {
    return wrap(port, cache, process, false);
  }

  private <T> T wrap(Class<T> port, T real, SimNode.Running process, boolean fails) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) ->
                Future.class.isAssignableFrom(method.getReturnType())
                    ? new Call(real, method, arguments, process, fails).begin()
                    : invoke(real, method, arguments)));
  }

  private Duration hop() {
    int dice = random.nextInt(200);
    int most = dice == 0 && slow ? 1500 : dice < 10 ? 100 : 4;
    return Duration.ofNanos(1_000 * (50L + random.nextInt(most * 1000)));
  }

  private static Object invoke(Object real, Method method, Object @Nullable [] arguments)
      throws ReflectiveOperationException {
    return method.invoke(real, arguments);
  }

  /** One call under way. */
  private final class Call {
    private final Object real;
    private final Method method;
    private final Object @Nullable [] arguments;
    private final SimNode.Running process;
    private final boolean fails;
    private final Promise<Object> answer = Promise.promise();

    private Call(
        Object real,
        Method method,
        Object @Nullable [] arguments,
        SimNode.Running process,
        boolean fails) {
      this.real = real;
      this.method = method;
      this.arguments = arguments;
      this.process = process;
      this.fails = fails;
    }

    private Future<Object> begin() {
      if (process.time.crashed()) {
        return answer.future();
      }
      blows.call(process, method.getName(), true);
      if (process.time.frozen()) {
        process.time.soon(this::leave);
      } else if (!process.time.crashed()) {
        leave();
      }
      return answer.future();
    }

    private void leave() {
      if (fails && cut()) {
        // What left just before the cut may still have arrived.
        if (random.nextInt(10) == 0) {
          time.after(hop(), this::run);
        }
        fail();
      } else if (fails && random.nextDouble() < flakiness) {
        mishap();
      } else {
        time.after(hop(), () -> back(run()));
      }
    }

    private boolean cut() {
      return time.instant().isBefore(process.node.databaseCutUntil);
    }

    private void mishap() {
      switch (random.nextInt(4)) {
        case 0 -> fail();
        case 1 -> {
          time.after(hop(), this::run);
          fail();
        }
        case 2 -> {
          // A statement that a pool or a server held up runs after its caller has given up.
          time.after(DEADLINE.plus(hop()), this::run);
          process.time.after(DEADLINE, this::failed);
        }
        default -> {
          if (REPEATABLE.contains(method.getName())) {
            time.after(hop(), this::run);
          }
          time.after(hop(), () -> back(run()));
        }
      }
    }

    private void fail() {
      process.time.after(random.nextBoolean() ? hop() : DEADLINE, this::failed);
    }

    private void failed() {
      answer.tryFail(MemoryDatabase.unavailable());
    }

    private Future<?> run() {
      try {
        return (Future<?>) invoke(real, method, arguments);
      } catch (InvocationTargetException e) {
        throw new AssertionError(method + " threw", e.getCause());
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(method.toString(), e);
      }
    }

    private void back(Future<?> result) {
      if (fails && cut()) {
        fail();
        return;
      }
      Instant now = time.instant();
      process.time.after(hop(), () -> arrive(result, now));
      blows.call(process, method.getName(), false);
    }

    private void arrive(Future<?> result, Instant ran) {
      boolean late = fails && time.instant().isAfter(ran.plus(DEADLINE));
      if (late && !process.time.frozen() && random.nextBoolean()) {
        failed();
      } else if (result.succeeded()) {
        answer.tryComplete(result.result());
      } else {
        answer.tryFail(result.cause());
      }
    }
  }
}
