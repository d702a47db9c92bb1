package dev.evertoken.sim;

import dev.evertoken.app.Core;
import dev.evertoken.app.CorePorts;
import dev.evertoken.app.CoreSettings;
import dev.evertoken.app.PoolSettings;
import dev.evertoken.app.refresh.RefreshSettings;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenRequest;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.FailPoints;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/** The real use cases, started as a node starts them. */
final class CoreEngine implements SimEngine {

  private static final Caller CALLER = Caller.trusted("simulated");
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(5);
  private static final long MOST_ACCOUNTS = 20;

  private static final CoreSettings SETTINGS =
      new CoreSettings(
          new RefreshSettings(
              3, Duration.ofSeconds(1), Duration.ofSeconds(15), Duration.ofSeconds(30)),
          new PoolSettings(Duration.ofSeconds(2), 3),
          Duration.ofSeconds(5),
          Duration.ofMinutes(30),
          1000,
          Duration.ofSeconds(30));

  private final SimPorts ports;
  private final Core core;

  CoreEngine(SimPorts ports) {
    this.ports = ports;
    this.core = Core.of(core(ports), SETTINGS);
  }

  private static CorePorts core(SimPorts ports) {
    SimPorts.Stores stores = ports.stores();
    return new CorePorts(
        ports.time(),
        ports.platforms(),
        stores.accounts(),
        stores.benches(),
        stores.claims(),
        stores.routes(),
        stores.clients(),
        stores.proxies(),
        stores.pools(),
        ports.quiet(),
        stores.changes(),
        ports.cache(),
        ports.escrow(),
        ports.provider(),
        ports.quiet(),
        new SimBreakers(ports.time()),
        ports.cluster().notices(),
        stores.events(),
        ports.cluster().nodes(),
        ports.quiet(),
        ports.quiet(),
        ports.quiet(),
        ports.quiet(),
        FailPoints.NONE,
        ports.time());
  }

  @Override
  public Future<Void> start() {
    return ports
        .escrow()
        .pending()
        .compose(this::deliver)
        .compose(delivered -> core.reconciler().start())
        .onSuccess(
            started -> {
              core.background().start();
              core.housekeeping().start();
            });
  }

  /** The first try comes before anything is served; the rest goes on behind. */
  private Future<Void> deliver(List<Escrow.Entry> left) {
    return core.replay()
        .deliver(left)
        .<Void>mapEmpty()
        .recover(
            failure -> {
              ports.time().after(BETWEEN_TRIES, () -> deliver(left));
              return Future.succeededFuture();
            });
  }

  @Override
  public Future<TokenAnswer> token(TokenRequest request) {
    return core.tokens().token(CALLER, request);
  }

  @Override
  public String leftovers() {
    return LongStream.rangeClosed(1, MOST_ACCOUNTS)
        .filter(core.refresher()::runs)
        .mapToObj(id -> "a refresh of account " + id)
        .reduce("", (a, b) -> a.isEmpty() ? b : a + ", " + b);
  }
}
