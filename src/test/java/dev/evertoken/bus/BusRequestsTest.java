package dev.evertoken.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.evertoken.app.ReportResult;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Report;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenRequest;
import dev.evertoken.domain.TokenState;
import dev.evertoken.domain.Trace;
import dev.evertoken.domain.Warning;
import dev.evertoken.rig.Await;
import dev.evertoken.verticle.TokenVerticle;
import dev.evertoken.wire.Samples;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The event bus as foreign verticles meet it, in front of a token service of our own making. */
class BusRequestsTest {

  private final Vertx vertx = Vertx.vertx();
  private final List<TokenRequest> asked = new CopyOnWriteArrayList<>();
  private final List<Caller> callers = new CopyOnWriteArrayList<>();
  private final List<Report> reports = new CopyOnWriteArrayList<>();
  private Future<TokenAnswer> answer =
      Future.succeededFuture(
          new TokenAnswer(
              Secret.of("canary-access"),
              "Bearer",
              Samples.NOW.plusSeconds(600),
              Samples.account(7, 12),
              TokenState.STALE,
              Samples.NOW.plusSeconds(300),
              List.of(new Warning(Warning.Code.BENCHED, "because"))));

  @BeforeEach
  void deploy() {
    deploy(BusCallers.trusting("node-a"));
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void anyVerticleGetsATokenForPlainJson() throws Exception {
    JsonObject reply = request(Addresses.TOKEN_GET, new JsonObject().put("account", 7));

    assertThat(reply.getString("access_token")).isEqualTo("canary-access");
    assertThat(reply.getInteger("expires_in")).isEqualTo(600);
    assertThat(reply.getJsonObject("account").getInteger("id")).isEqualTo(7);
    assertThat(callers).extracting(Caller::actor).containsExactly("bus:node-a");
  }

  @Test
  void theTypedClientAsksAndReadsTheSame() throws Exception {
    EvertokenClient client = EvertokenClient.create(vertx);

    Token token = client.ofPool("antigravity").await(5, TimeUnit.SECONDS);

    assertThat(asked).singleElement().isInstanceOf(TokenRequest.OfPool.class);
    assertThat(token.accessToken().reveal()).isEqualTo("canary-access");
    assertThat(token.expiresAt()).isEqualTo(Samples.NOW.plusSeconds(600));
    assertThat(token.account()).isEqualTo(7);
    assertThat(token.projectId()).isEqualTo("p-1");
    assertThat(token.generation()).isEqualTo(12);
    assertThat(token.state()).isEqualTo(TokenState.STALE);
    assertThat(token.warnings()).containsExactly(new Token.Warning("benched", "because"));
    assertThat(token.toString()).doesNotContain("canary");
  }

  @Test
  void aReportIsTakenAndAnswered() throws Exception {
    JsonObject body =
        new JsonObject()
            .put("account", 7)
            .put("generation", 12)
            .put("status", 429)
            .put("retry_after", 30);

    JsonObject reply = request(Addresses.TOKEN_REPORT, body);

    assertThat(reply).isEqualTo(new JsonObject("{\"action\":\"bench\",\"generation\":12}"));
    Report report = new Report(12, 429, Duration.ofSeconds(30), null);
    assertThat(reports).containsExactly(report);
    assertThat(EvertokenClient.create(vertx).report(7, report).await(5, TimeUnit.SECONDS))
        .isEqualTo(reply);
  }

  @Test
  void aFailureCarriesTheStatusAndTheCode() {
    answer = Future.failedFuture(Problem.of(ProblemCode.NOT_FOUND, "no").exception());

    ReplyException failure = failure(Addresses.TOKEN_GET, new JsonObject().put("account", 7));

    assertThat(failure.failureCode()).isEqualTo(404);
    assertThat(failure.getMessage()).isEqualTo("not_found");
  }

  @Test
  void aFailureComesAsAReplyWhereThatIsWanted() throws Exception {
    answer =
        Future.failedFuture(
            Problem.of(ProblemCode.POOL_EXHAUSTED, "out")
                .withRetryAfter(Duration.ofSeconds(7))
                .exception());
    DeliveryOptions asReply =
        new DeliveryOptions()
            .addHeader("failures", "reply")
            .addHeader("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    JsonObject problem =
        vertx
            .eventBus()
            .<JsonObject>request(Addresses.TOKEN_GET, new JsonObject().put("account", 7), asReply)
            .await(5, TimeUnit.SECONDS)
            .body()
            .getJsonObject("problem");

    assertThat(problem.getString("code")).isEqualTo("pool_exhausted");
    assertThat(problem.getInteger("retry_after")).isEqualTo(7);
    assertThat(problem.getString("trace_id")).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
  }

  @Test
  void theTypedClientTellsTheProblem() {
    answer =
        Future.failedFuture(
            Problem.of(ProblemCode.POOL_EXHAUSTED, "out")
                .withRetryAfter(Duration.ofSeconds(7))
                .exception());

    TokenRefusal refusal =
        catchThrowableOfType(
            TokenRefusal.class,
            () -> EvertokenClient.create(vertx).ofAccount(7).await(5, TimeUnit.SECONDS));

    assertThat(refusal.status()).isEqualTo(503);
    assertThat(refusal.code()).isEqualTo("pool_exhausted");
    assertThat(refusal.retryable()).isTrue();
    assertThat(refusal.retryAfterSeconds()).isEqualTo(7);
  }

  @Test
  void aBugIsAnsweredWithAFixedText() {
    answer = Future.failedFuture(new IllegalStateException("canary"));
    ReplyException failed = failure(Addresses.TOKEN_GET, new JsonObject().put("account", 7));
    assertThat(failed.failureCode()).isEqualTo(500);
    assertThat(failed.getMessage()).isEqualTo("internal");
  }

  static Stream<Object> unreadable() {
    return Stream.of(
        "text",
        Buffer.buffer("{\"account\":7}"),
        new JsonArray().add(7),
        7,
        true,
        new JsonObject(),
        new JsonObject().put("account", "7"),
        new JsonObject().put("account", 7).put("surplus", 1),
        new JsonObject().put("account", 7).put("session", "s".repeat(10 << 20)),
        new JsonObject().put("account", 7).put("surplus", "s".repeat(10 << 20)),
        new JsonObject().put("pool", Map.of("a", 1)),
        nested(500));
  }

  private static JsonObject nested(int depth) {
    JsonObject body = new JsonObject();
    for (int i = 0; i < depth; i++) {
      body = new JsonObject().put("a", body);
    }
    return body;
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  @DisplayName("87: a message that cannot be read is a 400 failure within a second, never silence")
  void anUnreadableMessageIsA400(Object body) {
    for (String address : List.of(Addresses.TOKEN_GET, Addresses.TOKEN_REPORT)) {
      ReplyException failure = failure(address, body);

      assertThat(failure.failureCode()).as(address).isEqualTo(400);
      assertThat(failure.getMessage()).isEqualTo("malformed_request");
    }
    assertThat(asked).isEmpty();
  }

  @Test
  @DisplayName("87: a missing body too")
  void aMissingBodyIsA400() {
    assertThat(failure(Addresses.TOKEN_GET, null).failureCode()).isEqualTo(400);
    assertThat(failure(Addresses.TOKEN_REPORT, null).failureCode()).isEqualTo(400);
  }

  @Test
  void aBusThatWantsAKeyRefusesWhoHasNoneOrLacksTheScope() throws Exception {
    vertx.deploymentIDs().forEach(id -> vertx.undeploy(id).await());
    deploy(
        BusCallers.withKey(
            header ->
                header == null
                    ? Future.failedFuture(
                        Problem.of(ProblemCode.UNAUTHENTICATED, "A key is needed.").exception())
                    : Future.succeededFuture(
                        new Caller(
                            "key:1",
                            header.endsWith("good") ? Set.of(Scope.TOKEN_READ) : Set.of(),
                            Set.of(),
                            Set.of()))));
    EvertokenClient client = EvertokenClient.create(vertx);

    assertThat(failure(Addresses.TOKEN_GET, new JsonObject().put("account", 7)).failureCode())
        .isEqualTo(401);
    assertThat(
            catchThrowableOfType(
                    TokenRefusal.class,
                    () ->
                        client.withKey(Secret.of("other")).ofAccount(7).await(5, TimeUnit.SECONDS))
                .code())
        .isEqualTo("forbidden");
    assertThat(client.withKey(Secret.of("good")).ofAccount(7).await(5, TimeUnit.SECONDS).account())
        .isEqualTo(7);
  }

  @Test
  @DisplayName("88: a verticle that stops answers what it has taken")
  void stoppingAnswersWhatWasTaken() throws Exception {
    Future<TokenAnswer> ready = answer;
    Promise<TokenAnswer> late = Promise.promise();
    answer = late.future();
    Future<Token> token = EvertokenClient.create(vertx).ofAccount(7);
    Await.until("the message was taken", () -> !asked.isEmpty());

    Future<Void> stopped = vertx.undeploy(vertx.deploymentIDs().iterator().next());
    Await.until("no more messages are taken", this::nobodyListens);
    assertThat(stopped.isComplete()).isFalse();

    late.handle(ready);
    assertThat(token.await(5, TimeUnit.SECONDS).account()).isEqualTo(7);
    stopped.await(5, TimeUnit.SECONDS);
  }

  private boolean nobodyListens() {
    return catchThrowable(
            () -> EvertokenClient.create(vertx).ofAccount(8).await(50, TimeUnit.MILLISECONDS))
        instanceof TokenRefusal;
  }

  @Test
  void withoutAnyNodeTheTypedClientSaysSo() {
    vertx.deploymentIDs().forEach(id -> vertx.undeploy(id).await());

    TokenRefusal refusal =
        catchThrowableOfType(
            TokenRefusal.class,
            () -> EvertokenClient.create(vertx).ofAccount(7).await(5, TimeUnit.SECONDS));

    assertThat(refusal.code()).isEqualTo("unreachable");
  }

  private void deploy(BusCallers who) {
    BusRequests gets =
        new BusRequests(who, new TokenGet(this::token, InstantSource.fixed(Samples.NOW)));
    BusRequests tells = new BusRequests(who, new TokenReport(this::report));
    vertx.deployVerticle(new TokenVerticle(gets, tells, false)).await();
  }

  private Future<TokenAnswer> token(Caller caller, TokenRequest request) {
    callers.add(caller);
    asked.add(request);
    return answer;
  }

  private Future<ReportResult> report(Caller caller, long account, Report report, Trace trace) {
    reports.add(report);
    return Future.succeededFuture(new ReportResult(ReportResult.Action.BENCH, 12, null));
  }

  private JsonObject request(String address, Object body) throws TimeoutException {
    return vertx.eventBus().<JsonObject>request(address, body).await(5, TimeUnit.SECONDS).body();
  }

  private ReplyException failure(String address, @Nullable Object body) {
    return catchThrowableOfType(
        ReplyException.class,
        () -> vertx.eventBus().request(address, body).await(1, TimeUnit.SECONDS));
  }
}
