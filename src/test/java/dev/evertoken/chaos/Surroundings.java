package dev.evertoken.chaos;

import dev.evertoken.chaos.Links.Way;
import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.rig.Frozen;
import dev.evertoken.rig.TcpFaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The servers, the provider and the ways there, and what can be done to them. */
final class Surroundings {

  /** What is done to the servers, to the provider and to the ways there. */
  enum Around {
    POSTGRES_KILLED,
    POSTGRES_FROZEN,
    REDIS_KILLED,
    REDIS_FROZEN,
    WAY_TO_POSTGRES_CUT,
    WAY_TO_POSTGRES_STALLED,
    WAY_TO_POSTGRES_CLOSED,
    WAY_TO_REDIS_CUT,
    WAY_TO_REDIS_STALLED,
    WAY_TO_REDIS_CLOSED,
    WAY_TO_PROVIDER_CUT,
    WAY_TO_PROVIDER_STALLED,
    WAY_TO_PROVIDER_CLOSED,
    PROVIDER_FAILS,
    PROVIDER_HANGS,
    PROVIDER_SLOW,
    PROVIDER_THROTTLES,
    ANSWERS_LOST
  }

  private final Nodes nodes;
  private final Accounts accounts;
  private final Excuses excuses;
  private final Random random;

  Surroundings(Nodes nodes, Accounts accounts, Excuses excuses, Random random) {
    this.nodes = nodes;
    this.accounts = accounts;
    this.excuses = excuses;
    this.random = random;
  }

  /** Begins it; what it answers ends it. */
  Runnable begin(Around kind) {
    return switch (kind) {
      case POSTGRES_KILLED -> {
        run(nodes.postgres()::kill);
        yield () -> run(nodes.postgres()::startAgain);
      }
      case POSTGRES_FROZEN -> frozen(() -> Frozen.tree(nodes.postgres().pid()));
      case REDIS_KILLED -> {
        run(nodes.redis()::kill);
        yield () -> run(nodes.redis()::startAgain);
      }
      case REDIS_FROZEN -> frozen(() -> Frozen.tree(nodes.redis().pid()));
      case WAY_TO_POSTGRES_CUT -> cut(Way.POSTGRES);
      case WAY_TO_POSTGRES_STALLED -> stalled(Way.POSTGRES);
      case WAY_TO_POSTGRES_CLOSED -> closed(Way.POSTGRES);
      case WAY_TO_REDIS_CUT -> cut(Way.REDIS);
      case WAY_TO_REDIS_STALLED -> stalled(Way.REDIS);
      case WAY_TO_REDIS_CLOSED -> closed(Way.REDIS);
      case WAY_TO_PROVIDER_CUT -> cut(Way.PROVIDER);
      case WAY_TO_PROVIDER_STALLED -> stalled(Way.PROVIDER);
      case WAY_TO_PROVIDER_CLOSED -> closed(Way.PROVIDER);
      case PROVIDER_FAILS -> faulty(Fault.error(503, "down").times(5));
      case PROVIDER_HANGS -> toSome(Fault::hang);
      case PROVIDER_SLOW -> faulty(Fault.delayed(Duration.ofSeconds(2)));
      case PROVIDER_THROTTLES -> faulty(Fault.tooManyRequests("1").times(1));
      case ANSWERS_LOST -> toSome(this::anyLoss);
    };
  }

  private Runnable cut(Way way) {
    return ways(way, TcpFaultProxy::cut, proxy -> {});
  }

  /** What was held up comes late; a refresh does not, as nobody would know any more who sent it. */
  private Runnable stalled(Way way) {
    return ways(
        way,
        TcpFaultProxy::blackHole,
        proxy -> {
          if (way == Way.PROVIDER) {
            proxy.cut();
          }
          proxy.restore();
        });
  }

  private Runnable closed(Way way) {
    return ways(way, TcpFaultProxy::down, TcpFaultProxy::restore);
  }

  /** Of one node, or of all. */
  private Runnable ways(Way way, Consumer<TcpFaultProxy> fault, Consumer<TcpFaultProxy> cure) {
    int one = random.nextInt(Nodes.COUNT + 2);
    List<Integer> struck =
        one < Nodes.COUNT ? List.of(one) : IntStream.range(0, Nodes.COUNT).boxed().toList();
    List<Excuses.Window> windows = new ArrayList<>();
    for (int node : struck) {
      if (way == Way.PROVIDER) {
        windows.add(excuses.open("the way to the provider was cut", node));
      }
      fault.accept(nodes.links(node).to(way));
    }
    return () -> {
      struck.forEach(node -> cure.accept(nodes.links(node).to(way)));
      windows.forEach(Excuses.Window::close);
    };
  }

  private Runnable faulty(Fault fault) {
    nodes.provider().switches().fault(Endpoint.TOKEN, fault);
    return () -> nodes.provider().switches().clearFaults();
  }

  /** The provider does what it is asked, and the caller never hears of it. */
  private Fault anyLoss() {
    return switch (random.nextInt(3)) {
      case 0 -> Fault.drop();
      case 1 -> Fault.error(502, "bad gateway").processed(true);
      default -> Fault.brokenJson();
    };
  }

  /** Strikes a few accounts only, once each. */
  private Runnable toSome(Supplier<Fault> fault) {
    List<Excuses.Window> windows = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      long id = accounts.ids().get(random.nextInt(accounts.ids().size()));
      String family = accounts.given(id).getLast().family();
      windows.add(excuses.open("the provider's answer was lost", family));
      nodes.provider().switches().fault(family, Endpoint.TOKEN, fault.get().times(1));
    }
    return () -> {
      nodes.provider().switches().clearFaults();
      windows.forEach(Excuses.Window::close);
    };
  }

  private interface Freezing {
    Frozen now() throws IOException;
  }

  private static Runnable frozen(Freezing freezing) {
    try {
      Frozen frozen = freezing.now();
      return frozen::close;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private interface Doing {
    void now() throws IOException;
  }

  private static void run(Doing doing) {
    try {
      doing.now();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
