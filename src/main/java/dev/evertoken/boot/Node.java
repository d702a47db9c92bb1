package dev.evertoken.boot;

import dev.evertoken.adapter.metrics.Watched;
import dev.evertoken.adapter.postgres.Postgres;
import dev.evertoken.app.Administration;
import dev.evertoken.app.CallerAuthentication;
import dev.evertoken.app.Core;
import dev.evertoken.boot.settings.Settings;
import dev.evertoken.bus.Addresses;
import dev.evertoken.bus.BusCallers;
import dev.evertoken.bus.BusRequests;
import dev.evertoken.bus.TokenGet;
import dev.evertoken.bus.TokenReport;
import dev.evertoken.domain.Secret;
import dev.evertoken.http.HttpApi;
import dev.evertoken.http.HttpSettings;
import dev.evertoken.http.Readiness;
import dev.evertoken.http.Services;
import dev.evertoken.verticle.HttpVerticle;
import dev.evertoken.verticle.RefreshVerticle;
import dev.evertoken.verticle.TokenVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running node: the composition root, and the life cycle of everything in it. */
public final class Node {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final Duration CLOSING = Duration.ofSeconds(3);

  /** By then the other nodes know that this one takes no more messages. */
  private static final Duration HAND_OVER = Duration.ofMillis(500);

  private final Wiring wiring;
  private final AdminKey adminKey;
  private final Ending ending;
  private final CallerAuthentication callers;
  private final HttpApi api;
  private final Administration administration;
  private final AtomicInteger port = new AtomicInteger();
  private final List<String> intake = new ArrayList<>();
  private volatile Readiness.Phase phase = Readiness.Phase.STARTING;
  private @Nullable Future<Void> stopped;

  private Node(Wiring wiring, AdminKey adminKey, Ending ending) {
    this.wiring = wiring;
    this.adminKey = adminKey;
    this.ending = ending;
    Settings settings = wiring.ground().settings();
    this.callers =
        new CallerAuthentication(
            wiring.ground().postgres().keys(),
            adminKey.key(),
            wiring.ports().time(),
            settings.nearCache().maxOutage());
    callers.whenRefused(wiring.ports().metrics()::keyRefused);
    this.administration =
        Administration.of(
            wiring.core(),
            wiring.ports(),
            wiring.ground().postgres().keys(),
            wiring.ground().postgres().auditLog(),
            callers);
    this.api = new HttpApi(http(settings), services());
    wiring.ground().metrics().watch(watched());
  }

  /**
   * Starts a node; completes when it serves. Fails with {@code BadSettings} where they cannot be
   * used; nothing of a failed start is left.
   */
  public static Future<Node> start(Settings settings) {
    Ending ending = new Ending();
    return Ground.open(settings, NodeId.fresh(), true, ending)
        .compose(ground -> Wiring.of(ground, ground.dataDir(), ending))
        .compose(wiring -> owned(wiring, ending))
        .compose(Node::serve)
        .recover(failure -> ending.close().compose(closed -> Future.failedFuture(failure)));
  }

  private static Future<Node> owned(Wiring wiring, Ending ending) {
    Ground ground = wiring.ground();
    return Blocking.get(
            ground.vertx(), () -> AdminKey.of(ground.settings().adminKey(), ground.dataDir()))
        .map(key -> new Node(wiring, key, ending));
  }

  /** The port on which HTTP is served. */
  public int httpPort() {
    return port.get();
  }

  /** The name of this life of the node. */
  public String id() {
    return wiring.ground().node();
  }

  /** The bootstrap key, with every scope. */
  public Secret adminKey() {
    return adminKey.key();
  }

  public Vertx vertx() {
    return wiring.ground().vertx();
  }

  /** Its use cases. */
  public Core core() {
    return wiring.core();
  }

  boolean adminKeyIsFresh() {
    return adminKey.fresh();
  }

  /**
   * Takes nothing more, lets what runs end within the grace, and closes everything; always
   * succeeds. A second call answers the same.
   */
  public synchronized Future<Void> stop() {
    if (stopped == null) {
      phase = Readiness.Phase.DRAINING;
      LOG.atInfo().log("draining");
      Settings.Shutdown times = wiring.ground().settings().shutdown();
      stopped =
          handOver(times.delay())
              .compose(turned -> drain())
              .timeout(drainTime(times.grace()).toMillis(), TimeUnit.MILLISECONDS)
              .onFailure(failure -> LOG.atWarn().log("drain_incomplete"))
              .transform(drained -> ending.close())
              .onComplete(closed -> LOG.atInfo().log("stopped"));
    }
    return stopped;
  }

  /** Still serves, until callers have turned to the other nodes. */
  private Future<Void> handOver(Duration delay) {
    ClusterMember member = wiring.ground().member();
    return member == null
        ? pass(delay)
        : Future.join(member.withdraw(Addresses.TOKEN_GET), member.withdraw(Addresses.TOKEN_REPORT))
            .timeout(HAND_OVER.toMillis(), TimeUnit.MILLISECONDS)
            .transform(known -> pass(delay.compareTo(HAND_OVER) < 0 ? HAND_OVER : delay));
  }

  private Future<Void> pass(Duration time) {
    return time.isZero()
        ? Future.succeededFuture()
        : vertx().timer(time.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }

  private Future<?> drain() {
    return Future.join(closeIntake(), api.drain(), core().refresher().drain());
  }

  private static Duration drainTime(Duration grace) {
    Duration closing = grace.dividedBy(4);
    return grace.minus(closing.compareTo(CLOSING) < 0 ? closing : CLOSING);
  }

  private Future<Node> serve() {
    Core core = wiring.core();
    ending.opened("views", this::stopViews);
    return new Recovery(vertx(), wiring.ports().escrow(), core.replay())
        .run()
        .compose(replayed -> new KeyUpkeep(wiring.ground(), administration.rewrap()).start())
        .compose(told -> core.reconciler().start())
        .compose(reconciled -> deployIntake())
        .compose(deployed -> deployHttp())
        .onSuccess(deployed -> listening())
        .map(this);
  }

  private Future<Void> stopViews() {
    core().reconciler().stop();
    return Future.succeededFuture();
  }

  private void listening() {
    Settings settings = wiring.ground().settings();
    phase = Readiness.Phase.SERVING;
    LOG.atInfo()
        .addKeyValue("host", settings.http().host())
        .addKeyValue("port", port.get())
        .addKeyValue("platforms", settings.platforms().all().size())
        .log("listening");
  }

  /** The ways in other than HTTP: the event bus, and the background's clock. */
  private Future<Void> deployIntake() {
    Settings settings = wiring.ground().settings();
    BusCallers busCallers = BusAccess.of(settings, callers, id());
    BusRequests gets =
        new BusRequests(busCallers, new TokenGet(core().tokens()::token, wiring.ports().time()));
    BusRequests reports = new BusRequests(busCallers, new TokenReport(core().reports()::report));
    boolean thisNodeOnly = BusAccess.thisNodeOnly(settings.cluster());
    Future<String> tokens =
        vertx().deployVerticle(() -> new TokenVerticle(gets, reports, thisNodeOnly), onEveryCore());
    Future<String> background =
        settings.refresh().background()
            ? vertx()
                .deployVerticle(new RefreshVerticle(core().background(), core().housekeeping()))
            : Future.succeededFuture();
    return Future.join(tokens.onSuccess(intake::add), background.onSuccess(this::remember))
        .mapEmpty();
  }

  private void remember(@Nullable String deployment) {
    if (deployment != null) {
      intake.add(deployment);
    }
  }

  private Future<Void> closeIntake() {
    return Future.join(intake.stream().map(vertx()::undeploy).toList()).mapEmpty();
  }

  private Future<Void> deployHttp() {
    return vertx()
        .deployVerticle(() -> new HttpVerticle(api, port::set), onEveryCore())
        // Closed first: who connects while the rest is being closed would get no answer.
        .onSuccess(id -> ending.opened("http", () -> vertx().undeploy(id)))
        .<Void>mapEmpty()
        .recover(failure -> Future.failedFuture(withAddress(failure)));
  }

  private Throwable withAddress(Throwable failure) {
    Settings.Http http = wiring.ground().settings().http();
    // What the native sockets of Linux throw is no BindException.
    return failure instanceof IOException
        ? new BindException(
            "http.host, http.port: cannot listen on %s:%d (%s)"
                .formatted(http.host(), http.port(), failure.getMessage()))
        : failure;
  }

  private static DeploymentOptions onEveryCore() {
    return new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
  }

  private Services services() {
    Core core = wiring.core();
    return new Services(
        core,
        administration,
        callers,
        new Health(() -> phase, dependencies()),
        wiring.ground().metrics()::exposition,
        wiring.ports().time());
  }

  private Map<String, BooleanSupplier> dependencies() {
    Postgres postgres = wiring.ground().postgres();
    ClusterMember member = wiring.ground().member();
    Map<String, BooleanSupplier> all = new LinkedHashMap<>();
    all.put("postgres", postgres::up);
    all.put("redis", wiring.cache()::up);
    all.put("dns", wiring.egress()::namesUp);
    all.put("keyset", wiring.ground().keys()::good);
    if (member != null) {
      all.put("cluster", () -> Health.seesAll(member, postgres.nodes().others()));
    }
    return all;
  }

  private Watched watched() {
    return new Watched(
        wiring.ground().postgres().fleet(),
        wiring.ports().platforms(),
        core().routes()::suspensions,
        wiring.ports().escrow()::size,
        dependencies(),
        wiring.ports().time());
  }

  private static HttpSettings http(Settings settings) {
    Settings.Http http = settings.http();
    Settings.Tls tls = http.tls();
    return new HttpSettings(
        http.host(),
        http.port(),
        tls == null ? null : new HttpSettings.Tls(tls.certificate(), tls.key(), tls.clientCa()));
  }
}
