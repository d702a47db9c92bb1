package dev.evertoken.app.route;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Blame;
import dev.evertoken.domain.Blame.Proof;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Suspension;
import dev.evertoken.port.ClientStore;
import dev.evertoken.port.ClientStore.Client;
import dev.evertoken.port.ClientStore.Refusal;
import dev.evertoken.port.RouteStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a refused client is the platform's settings or one account's (semantics, section
 * 3, Blame): several accounts prove the settings, a neighbour's success proves the account.
 */
public final class ClientBlame {

  private static final Logger LOG = LoggerFactory.getLogger(ClientBlame.class);

  /** A refused client is a matter for a person: in the end it is tried now and then only. */
  private static final Duration LONGEST_REST = Duration.ofMinutes(1);

  private static final Duration SPELL = Duration.ofMinutes(10);
  private static final Duration NEIGHBOUR = Duration.ofHours(24);

  private final UpstreamHealth health;
  private final ClientStore clients;
  private final RouteStore routes;
  private final Announcements announcements;

  public ClientBlame(
      UpstreamHealth health, ClientStore clients, RouteStore routes, Announcements announcements) {
    this.health = health;
    this.clients = clients;
    this.routes = routes;
    this.announcements = announcements;
  }

  /** Whose fault a refusal of our client is. */
  public enum Fault {
    /** The settings': the platform is suspended and the account is not marked. */
    PLATFORM,
    /** The account's: another one succeeded with the same settings. */
    ACCOUNT,
    /** Nobody can tell yet: the account waits. */
    OPEN
  }

  /** The label of benches that a refused client set, see {@code Bench.route}. */
  public static String label(Account account) {
    return account.platform() + "/client";
  }

  /** Somebody got a token with these settings. Never fails. */
  public void worked(Exchanged exchange) {
    clients
        .worked(exchange.platform(), exchange.account().id(), health.now())
        .onFailure(UpstreamHealth::missed);
  }

  /** The provider refused our client for this account. Never fails. */
  public Future<Fault> refused(Exchanged exchange, String code) {
    return clients
        .refused(exchange.platform(), new Refusal(exchange.account().id(), health.now(), code))
        .compose(client -> judge(exchange, client, code))
        .otherwise(Fault.OPEN);
  }

  private Future<Fault> judge(Exchanged exchange, Client client, String code) {
    List<Refusal> spell = spell(client);
    Set<Long> refused = spell.stream().map(Refusal::account).collect(Collectors.toSet());
    return proven(exchange, refused)
        .compose(
            guilty ->
                guilty
                    ? suspend(exchange, spell, code).map(Fault.PLATFORM)
                    : Future.succeededFuture(byNeighbour(exchange, client)));
  }

  /** A probe that is refused proves what was known. */
  private Future<Boolean> proven(Exchanged exchange, Set<Long> refused) {
    if (probed(exchange).isPresent()) {
      return Future.succeededFuture(true);
    }
    return switch (Blame.byAccounts(refused, Blame.ACCOUNTS)) {
      case Proof.Fault fault -> Future.succeededFuture(true);
      case Proof.Nothing nothing -> Future.succeededFuture(false);
      case Proof.UnlessOthers unless ->
          routes
              .othersOfPlatform(exchange.platform().name(), unless.failed())
              .map(others -> !others);
    };
  }

  /** The suspension of the client that this exchange probes. */
  private static Optional<Suspension> probed(Exchanged exchange) {
    return exchange.pass() instanceof Pass.Probe probe
            && probe.suspension().kind() == Suspension.Kind.PROVIDER_CONFIG
        ? Optional.of(probe.suspension())
        : Optional.empty();
  }

  private Fault byNeighbour(Exchanged exchange, Client client) {
    Instant since = health.now().minus(NEIGHBOUR);
    boolean neighbour =
        client.successes().stream()
            .anyMatch(s -> s.account() != exchange.account().id() && s.at().isAfter(since));
    return neighbour ? Fault.ACCOUNT : Fault.OPEN;
  }

  private List<Refusal> spell(Client client) {
    Instant since = health.now().minus(SPELL);
    return client.refusals().stream().filter(r -> r.at().isAfter(since)).toList();
  }

  private Future<Void> suspend(Exchanged exchange, List<Refusal> spell, String code) {
    Instant now = health.now();
    Instant began = spell.stream().map(Refusal::at).min(Instant::compareTo).orElse(now);
    int failedProbes = failedProbes(exchange);
    boolean news =
        health.known().all().stream()
            .noneMatch(
                s ->
                    s.kind() == Suspension.Kind.PROVIDER_CONFIG
                        && exchange.platform().name().equals(s.platform()));
    if (news) {
      LOG.atError()
          .addKeyValue("platform", exchange.platform().name())
          .addKeyValue("class", "provider_config")
          .addKeyValue("cause", code)
          .addKeyValue("trace_id", exchange.traceId())
          .log("provider_config");
    }
    Suspension suspension =
        new Suspension(
            Suspension.Kind.PROVIDER_CONFIG,
            exchange.platform().name(),
            null,
            "the provider answered " + code,
            now,
            now.plus(
                RouteBlame.doubled(
                    exchange.platform().breaker().resetTimeout(), failedProbes, LONGEST_REST)),
            new Suspension.Outage(began, failedProbes));
    return goRound(exchange)
        .compose(done -> health.suspend(suspension, exchange))
        .compose(done -> clients.takeBack(exchange.platform(), began))
        .onSuccess(changed -> changed.forEach(this::tellTakenBack))
        .mapEmpty();
  }

  /** The account that has just failed the probe is not the next one while others wait. */
  private Future<Void> goRound(Exchanged exchange) {
    return probed(exchange)
        .map(suspension -> routes.probeFailed(suspension, exchange.account().id()))
        .orElseGet(Future::succeededFuture);
  }

  private static int failedProbes(Exchanged exchange) {
    return probed(exchange).map(suspension -> suspension.outage().failedProbes() + 1).orElse(0);
  }

  private void tellTakenBack(Account account) {
    announcements.changedHere(
        account,
        Notice.Type.RECOVERED,
        null,
        "the settings of the platform were refused, not the account",
        "account.recovered",
        Map.of());
  }
}
