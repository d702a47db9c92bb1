package dev.evertoken.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.hazelcast.config.Config;
import dev.evertoken.app.ReportResult;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenState;
import dev.evertoken.rig.Await;
import dev.evertoken.verticle.TokenVerticle;
import dev.evertoken.wire.Samples;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two members of one cluster, as two processes would be. */
class ClusteredBusTest {

  private static final String CLUSTER = "test-" + UUID.randomUUID();
  private static final Vertx serving = member();
  private static final Vertx foreign = member();

  private final List<String> asked = new CopyOnWriteArrayList<>();

  @AfterAll
  static void leave() {
    foreign.close().await();
    serving.close().await();
  }

  @AfterEach
  void undeploy() {
    for (Vertx vertx : List.of(serving, foreign)) {
      vertx.deploymentIDs().forEach(id -> vertx.undeploy(id).await());
    }
  }

  @Test
  void aMemberWithoutTheServiceGetsItsTokensFromAnother() throws Exception {
    deploy(serving, "serving", false);

    Token token = EvertokenClient.create(foreign).ofAccount(7).await(10, TimeUnit.SECONDS);

    assertThat(token.accessToken().reveal()).isEqualTo("of-serving");
  }

  @Test
  void aMemberThatServesTokensAsksItself() throws Exception {
    deploy(serving, "serving", false);
    deploy(foreign, "foreign", false);
    EvertokenClient client = EvertokenClient.create(foreign);

    for (int i : IntStream.range(0, 6).toArray()) {
      Token token = client.ofAccount(7).await(10, TimeUnit.SECONDS);
      assertThat(token.accessToken().reveal()).as("request %d", i).isEqualTo("of-foreign");
    }
  }

  @Test
  void tokensThatMustNotCrossTheBusStayOnTheirNode() throws Exception {
    deploy(serving, "serving", true);

    TokenRefusal refusal =
        catchThrowableOfType(
            TokenRefusal.class,
            () -> EvertokenClient.create(foreign).ofAccount(7).await(10, TimeUnit.SECONDS));

    assertThat(refusal.code()).isEqualTo("unreachable");
    Token own = EvertokenClient.create(serving).ofAccount(7).await(10, TimeUnit.SECONDS);
    assertThat(own.account()).isEqualTo(7);
  }

  @Test
  void aLargeOrStrangeMessageFromAnotherMemberIsA400() {
    deploy(serving, "serving", false);
    JsonObject large = new JsonObject().put("account", 7).put("session", "s".repeat(10 << 20));

    for (Object body : List.of(large, "text", new JsonObject().put("surplus", 1))) {
      ReplyException failure =
          catchThrowableOfType(
              ReplyException.class,
              () ->
                  foreign
                      .eventBus()
                      .request(Addresses.TOKEN_GET, body)
                      .await(10, TimeUnit.SECONDS));
      assertThat(failure.failureCode()).isEqualTo(400);
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void aNoticeReachesEveryMemberOnce() {
    BusNotices here = new BusNotices(serving, InstantSource.fixed(Samples.NOW));
    BusNotices there = new BusNotices(foreign, InstantSource.fixed(Samples.NOW));
    List<String> read = new CopyOnWriteArrayList<>();
    here.subscribe(notice -> read.add("here " + notice.id()));
    there.subscribe(notice -> read.add("there " + notice.id()));
    Future.all(here.start(), there.start()).await();

    here.publish(notice("1"));
    Await.until("the first came", () -> read.contains("there 1") && read.contains("here 1"));
    there.publish(notice("2"));
    Await.until("the second came", () -> read.contains("there 2") && read.contains("here 2"));

    assertThat(read).containsExactlyInAnyOrder("here 1", "there 1", "here 2", "there 2");
    Future.all(here.close(), there.close()).await();
  }

  private void deploy(Vertx vertx, String node, boolean thisNodeOnly) {
    BusCallers callers = BusCallers.trusting(node);
    TokenGet gets =
        new TokenGet((caller, request) -> token(node), InstantSource.fixed(Samples.NOW));
    TokenReport tells = new TokenReport((caller, account, report, trace) -> nothing());
    vertx
        .deployVerticle(
            new TokenVerticle(
                new BusRequests(callers, gets), new BusRequests(callers, tells), thisNodeOnly))
        .await();
  }

  private Future<TokenAnswer> token(String node) {
    asked.add(node);
    return Future.succeededFuture(
        new TokenAnswer(
            Secret.of("of-" + node),
            "Bearer",
            Samples.NOW.plusSeconds(600),
            Samples.account(7, 12),
            TokenState.FRESH,
            null,
            List.of()));
  }

  private static Future<ReportResult> nothing() {
    return Future.succeededFuture(new ReportResult(ReportResult.Action.NONE, 12, null));
  }

  private static Notice notice(String id) {
    return new Notice(
        id,
        Notice.Type.CHANGED,
        7L,
        "antigravity",
        null,
        null,
        null,
        1L,
        2L,
        null,
        null,
        null,
        "node-a",
        Samples.NOW);
  }

  private static Vertx member() {
    // Before the first class of Hazelcast logs, or java.util.logging writes to the console.
    System.setProperty("hazelcast.logging.type", "slf4j");
    Config config = ConfigUtil.loadConfig().setClusterName(CLUSTER);
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1");
    return Vertx.builder()
        .with(new VertxOptions().setEventBusOptions(new EventBusOptions().setHost("127.0.0.1")))
        .withClusterManager(new HazelcastClusterManager(config))
        .buildClustered()
        .await();
  }
}
