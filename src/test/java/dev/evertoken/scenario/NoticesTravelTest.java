package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.bus.Addresses;
import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.domain.TokenRequest;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.FakeProxy;
import dev.evertoken.rig.TestCertificate;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one node tells, the others hear and act on; and strangers tell and hear nothing. */
final class NoticesTravelTest {

  private static final Queue<JsonObject> heard = new ConcurrentLinkedQueue<>();

  /** What a node counts for an answer out of its own memory. */
  private static final String NEAR =
      "evertoken_token_answers_total{platform=\"acme\",source=\"near\",state=\"fresh\"}";

  private static Members members;

  @BeforeAll
  static void begin() {
    members = new Members();
    members
        .guest()
        .vertx()
        .eventBus()
        .<JsonObject>consumer(Addresses.NOTICES, notice -> heard.add(notice.body()))
        .completion()
        .await();
  }

  @AfterAll
  static void end() {
    members.close();
  }

  @AfterEach
  void noMoreFaults() {
    members.cluster().provider().switches().clearFaults();
  }

  private static void awaitNotice(String type, Predicate<JsonObject> about) {
    Await.until(
        () -> type + " among " + heard,
        () ->
            heard.stream()
                .filter(notice -> notice.getString("type").equals(type))
                .filter(notice -> notice.getInteger("schema") == 1)
                .anyMatch(about),
        Members.PATIENCE);
  }

  private static Predicate<JsonObject> of(long account) {
    return notice -> Objects.equals(notice.getLong("account"), account);
  }

  private static List<Answer> ask(int node, List<Long> ids) {
    List<CompletableFuture<Answer>> asks =
        ids.stream().map(id -> members.talk(node).asking(id)).toList();
    return asks.stream().map(CompletableFuture::join).toList();
  }

  private static List<Long> expired(int count, @Nullable Long proxy) {
    return IntStream.range(0, count)
        .mapToObj(i -> members.expired(body -> body.put("proxy_id", proxy)))
        .toList();
  }

  @Test
  @DisplayName("a change of an account on one node is told to every member, and acted on")
  void ofAccounts() {
    long id = members.ready();
    Talk there = members.talk(0);
    String path = "/v1/accounts/" + id;
    String old = members.talk(1).token(id).token();

    there.post(path + "/refresh", null);
    awaitNotice("refreshed", of(id));
    members.awaitOn(1, "has the new token", talk -> !talk.token(id).token().equals(old));

    there.put(path + "/temp-unschedulable", new JsonObject().put("seconds", 600));
    awaitNotice("temp_unsched_set", of(id));
    members.awaitOn(1, "knows the bench", talk -> talk.token(id).status() == 503);

    members.talk(2).delete(path + "/temp-unschedulable");
    awaitNotice("temp_unsched_cleared", of(id));
    members.awaitOn(1, "knows its end", talk -> talk.token(id).status() == 200);

    Fault lost = Fault.error(400, "invalid_grant").times(2);
    members.cluster().provider().switches().fault(Endpoint.TOKEN, lost);
    there.post(path + "/refresh", null);
    awaitNotice("error", of(id));
    String lostWarning = "reauthorization_required";
    members.awaitOn(1, "warns", talk -> talk.token(id).warnings().contains(lostWarning));

    there.post(path + "/clear-error", null);
    awaitNotice("recovered", of(id));
    members.awaitOn(1, "warns no more", talk -> !talk.token(id).warnings().contains(lostWarning));

    there.patch(path, new JsonObject().put("paused", true));
    awaitNotice("changed", of(id));
    members.awaitOn(1, "knows the pause", talk -> talk.token(id).warnings().contains("paused"));

    there.delete(path);
    awaitNotice("deleted", of(id));
    members.awaitOn(1, "knows it no more", talk -> talk.token(id).status() == 404);
  }

  @Test
  @DisplayName("33 a proxy that one node finds dead is left alone by all, and back on all at once")
  void ofProxies() {
    try (FakeProxy px = FakeProxy.http()) {
      JsonObject body = new JsonObject().put("name", "px").put("url", px.url());
      long proxy = members.talk(0).post("/v1/proxies", body).json().getLong("id");
      Predicate<JsonObject> about = notice -> Objects.equals(notice.getLong("proxy"), proxy);
      String open = "evertoken_route_open{platform=\"*\",proxy=\"" + proxy + "\"}";
      List<Long> ids = expired(30, proxy);
      px.mode(FakeProxy.Mode.UNANSWERED);

      assertThat(ask(0, ids)).allMatch(answer -> answer.status() >= 503);
      awaitNotice("proxy_down", about);
      for (int node = 0; node < Members.NODES; node++) {
        members.awaitOn(node, "leaves it", talk -> talk.get("/metrics").body().contains(open));
      }
      int dials = px.dials();
      for (int round = 0; round < 3; round++) {
        assertThat(ask(1, ids)).allMatch(answer -> answer.status() == 503);
        assertThat(ask(2, ids)).allMatch(answer -> answer.status() == 503);
      }
      // Of 180 asks on the other nodes only the probes dial, one at a time in the whole cluster.
      assertThat(px.dials() - dials).isLessThanOrEqualTo(8);
      assertThat(ids)
          .noneMatch(
              id ->
                  members
                      .talk(2)
                      .account(id)
                      .getJsonObject("temp_unschedulable")
                      .getBoolean("active"));

      px.mode(FakeProxy.Mode.FINE);
      members.awaitOn(1, "gets through", talk -> talk.token(ids.getFirst()).status() == 200);
      awaitNotice("proxy_up", about);
      for (int node = 0; node < Members.NODES; node++) {
        members.awaitOn(node, "uses it", talk -> !talk.get("/metrics").body().contains(open));
      }
      assertThat(ask(2, ids)).allMatch(answer -> answer.status() == 200);
    }
  }

  @Test
  @DisplayName("a provider that one node finds down is left alone by all, and back on all")
  void ofProviders() {
    members.cluster().provider().switches().fault(Endpoint.TOKEN, Fault.error(503, "down"));
    List<Long> ids = expired(8, null);
    String open = "evertoken_route_open{platform=\"acme\",proxy=\"direct\"}";

    assertThat(ask(0, ids)).allMatch(answer -> answer.status() == 503);
    awaitNotice("provider_down", notice -> "acme".equals(notice.getString("platform")));
    for (int node = 0; node < Members.NODES; node++) {
      int there = node;
      members.awaitOn(node, "leaves it", talk -> members.metric(there, open) == 1);
    }

    members.cluster().provider().switches().clearFaults();
    long another = expired(1, null).getFirst();
    members.awaitOn(2, "gets through", talk -> talk.token(another).status() == 200);
    awaitNotice("provider_up", notice -> "acme".equals(notice.getString("platform")));
    for (int node = 0; node < Members.NODES; node++) {
      int there = node;
      members.awaitOn(node, "uses it", talk -> members.metric(there, open) == 0);
    }
    // The benches of the outage ended with it.
    ids.forEach(id -> members.awaitOn(1, "answers", talk -> talk.token(id).status() == 200));
  }

  private static JsonObject notice(String type) {
    return new JsonObject()
        .put("schema", 1)
        .put("id", UUID.randomUUID().toString())
        .put("type", type)
        .put("revision", 1_000_000)
        .put("node", "another")
        .put("at", Instant.now().toString());
  }

  private static boolean nearGrows(long account) {
    double before = members.metric(2, NEAR);
    members.talk(2).token(account);
    return members.metric(2, NEAR) > before;
  }

  /**
   * A notice of a revision that no row has is a lie, and only so it shows that it was heard:
   * whoever believes it keeps no copy of that account in memory any more.
   */
  private static boolean believed(Guest teller, JsonObject lie) {
    long id = members.ready();
    long next = members.ready();
    members.awaitOn(2, "keeps a copy", talk -> nearGrows(id) && nearGrows(next));
    teller.vertx().eventBus().publish(Addresses.NOTICES, lie.put("account", id));
    // What comes after it on the same way: once that was heard, so was the lie.
    teller.vertx().eventBus().publish(Addresses.NOTICES, notice("changed").put("account", next));
    members.awaitOn(2, "heard the next one", talk -> !nearGrows(next));
    return !nearGrows(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "refreshed",
        "temp_unsched_set",
        "temp_unsched_cleared",
        "error",
        "recovered",
        "changed",
        "deleted"
      })
  @DisplayName("79 a notice alone makes older copies worthless, also with fields not known here")
  void makesCopiesWorthless(String type) {
    JsonObject surplus = new JsonObject().put("wind", List.of(1, 2));
    JsonObject notice = notice(type).put("cause", "solar_storm").put("weather", surplus);

    assertThat(believed(members.guest(), notice)).isTrue();
  }

  @Test
  @DisplayName("a notice of a later schema or an unknown type is passed over, and others are not")
  void ofALaterVersion() {
    assertThat(believed(members.guest(), notice("changed").put("schema", 2))).isFalse();
    assertThat(believed(members.guest(), notice("teleported"))).isFalse();
    assertThat(members.cluster().node(2).log()).doesNotContain("\"level\":\"ERROR\"");
  }

  private static Throwable refusal(Guest stranger, long id) {
    TokenOptions soon = TokenOptions.NONE.withMaxWait(Duration.ofSeconds(1));
    return stranger
        .client()
        .token(new TokenRequest.OfAccount(id, soon))
        .<Throwable>map(token -> new AssertionError("got a token"))
        .recover(Future::succeededFuture)
        .await();
  }

  @Test
  @DisplayName("tokens cross the bus to a member with a certificate of the cluster, and no other")
  void strangers() throws Exception {
    long id = members.ready();
    assertThat(members.guest().client().ofAccount(id).await().account()).isEqualTo(id);
    TestCertificate.Pem ours = TestCertificate.shared().pem();

    try (Guest stranger =
        Guest.join(members.cluster().hazelcastFile(), TestCertificate.another().pem())) {
      assertThat(refusal(stranger, id)).isNotInstanceOf(AssertionError.class);
    }
    try (Guest naked = Guest.join(members.cluster().hazelcastFile(), null)) {
      assertThat(refusal(naked, id)).isNotInstanceOf(AssertionError.class);
    }
    assertThat(answered(new NetClientOptions())).isFalse();
    NetClientOptions nameless =
        new NetClientOptions()
            .setSsl(true)
            .setHostnameVerificationAlgorithm("")
            .setTrustOptions(new PemTrustOptions().addCertPath(ours.certificate().toString()));
    assertThat(answered(nameless)).isFalse();
    assertThat(answered(new NetClientOptions(nameless).setKeyCertOptions(ours.asOptions())))
        .isTrue();
    assertThat(members.guest().client().ofAccount(id).await().account()).isEqualTo(id);
  }

  /** A frame of the bus, a ping, which a member is sent a pong for. */
  private static boolean answered(NetClientOptions options) throws Exception {
    CompletableFuture<Boolean> answered = new CompletableFuture<>();
    members
        .guest()
        .vertx()
        .createNetClient(options)
        .connect(members.busPort(1), "127.0.0.1")
        .onSuccess(
            socket -> {
              socket.handler(pong -> answered.complete(true));
              socket.closeHandler(gone -> answered.complete(false));
              socket.write(ping());
            })
        .onFailure(refused -> answered.complete(false));
    return answered.get(30, TimeUnit.SECONDS);
  }

  private static Buffer ping() {
    Buffer frame = Buffer.buffer().appendByte((byte) 1).appendByte((byte) 1).appendByte((byte) 0);
    for (String text : List.of("__vertx_ping", "", "stranger")) {
      frame.appendInt(text.length()).appendString(text);
    }
    frame.appendInt(4);
    return Buffer.buffer().appendInt(frame.length()).appendBuffer(frame);
  }
}
