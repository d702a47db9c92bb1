package dev.evertoken.adapter.oauth;

import static dev.evertoken.adapter.oauth.Outside.NEVER;
import static dev.evertoken.adapter.oauth.Outside.SOON;
import static dev.evertoken.adapter.oauth.Outside.await;
import static dev.evertoken.adapter.oauth.Outside.failure;
import static dev.evertoken.adapter.oauth.Outside.patient;
import static dev.evertoken.adapter.oauth.Outside.tokenUrl;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.domain.Judge;
import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProviderAnswer;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.RouteFault;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.OAuthProvider.ClientSecretChoice;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import dev.evertoken.port.OAuthProvider.Connection;
import dev.evertoken.port.OAuthProvider.NoAnswer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One refresh over one connection: what comes back, and what no answer is. */
final class ExchangeTest {

  private static final String JSON = "{\"access_token\":\"at\"}";
  private static final String HEAD = "HTTP/1.1 200 OK\r\n";

  @RegisterExtension static final Outside OUTSIDE = new Outside();

  @AfterEach
  void endFaults() {
    OUTSIDE.secure().switches().clearFaults();
    OUTSIDE.secure().switches().change(draft -> draft.omitRefreshToken(false));
  }

  @Test
  void aRefreshOverTlsGivesTheNextTokens() {
    NewFamily family = OUTSIDE.secure().newFamily();

    Judgement.Tokens first = tokens(refresh(family.refreshToken()));
    Judgement.Tokens second = tokens(refresh(next(first)));

    assertThat(next(second)).isNotEqualTo(next(first)).isNotEqualTo(family.refreshToken());
    assertThat(OUTSIDE.secure().ledger().reuses()).isEmpty();
  }

  @Test
  void anAnswerWithoutARefreshTokenKeepsTheOldOne() {
    OUTSIDE.secure().switches().change(draft -> draft.omitRefreshToken(true));

    assertThat(tokens(refresh(OUTSIDE.secure().newFamily().refreshToken())).refreshToken())
        .isNull();
  }

  @Test
  void aSpentRefreshTokenIsPermanent() {
    NewFamily family = OUTSIDE.secure().newFamily();
    refresh(family.refreshToken());

    assertThat(judged(refresh(family.refreshToken())))
        .isEqualTo(new Judgement.Permanent("invalid_grant", false));
  }

  @Test
  void retryAfterIsHeard() {
    OUTSIDE.secure().switches().fault(Endpoint.TOKEN, Fault.tooManyRequests("30"));

    assertThat(judged(refresh("any"))).isEqualTo(new Judgement.Throttled(Duration.ofSeconds(30)));
  }

  @Test
  void pagesAndHalvesOfJsonAreNoTokens() {
    OUTSIDE.secure().switches().fault(Endpoint.TOKEN, Fault.html("<html>").times(1));
    OUTSIDE.secure().switches().fault(Endpoint.TOKEN, Fault.brokenJson().times(1));

    for (int i = 0; i < 2; i++) {
      ProviderAnswer answer = refresh("any");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.whole()).isFalse();
      assertThat(judged(answer)).isInstanceOf(Judgement.Unreadable.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsNeverFollowed(int status) {
    try (CannedServer elsewhere = CannedServer.answering(HEAD + "\r\n" + JSON)) {
      OUTSIDE
          .secure()
          .switches()
          .fault(Endpoint.TOKEN, Fault.redirect(status, elsewhere.url().toString()));

      assertThat(judged(refresh("any")))
          .isEqualTo(new Judgement.Transient("status " + status, null, RouteFault.PAGE));
      assertThat(elsewhere.requests()).isEmpty();
    }
  }

  @Test
  void silenceEndsWithTheTotalDeadlineAndIsLeft() throws InterruptedException {
    try (CannedServer silent = CannedServer.silent()) {
      Platform platform =
          patient(silent.url()).timeouts(NEVER, NEVER, Duration.ofSeconds(1)).platform();

      assertThat(failure(NoAnswer.class, OUTSIDE.refreshing(platform, null, "any")))
          .hasMessage("no complete answer in time");
      silent.awaitLeave();
    }
  }

  @Test
  void whatATrickleGaveByTheTotalDeadlineIsKept() {
    String begun = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"refresh_token\":\"rt\",\"a\":";
    try (CannedServer trickle = CannedServer.leavingOpen(begun)) {
      Platform platform =
          patient(trickle.url()).timeouts(NEVER, NEVER, Duration.ofSeconds(1)).platform();

      RawAnswer answer = OUTSIDE.raw(platform, "any");

      assertThat(answer.end()).isEqualTo(RawAnswer.End.CUT);
      assertThat(answer.body().reveal()).startsWith("{\"refresh_token\":\"rt\"");
    }
  }

  @Test
  void waitingBetweenConnectingAndSendingCostsNothingOfTheDeadline() {
    Platform platform =
        patient(tokenUrl(OUTSIDE.plain())).timeouts(NEVER, NEVER, Duration.ofSeconds(2)).platform();
    Connection connection = await(OUTSIDE.oauth().connect(platform, null));

    await(OUTSIDE.vertx().timer(2500, TimeUnit.MILLISECONDS));

    Secret token = Secret.of(OUTSIDE.plain().newFamily().refreshToken());
    assertThat(await(connection.refresh(token, new ClientSecretChoice(0))).status()).isEqualTo(200);
  }

  @Test
  void connectingSendsNothing() {
    long before = OUTSIDE.plain().ledger().calls(Endpoint.TOKEN);

    await(OUTSIDE.oauth().connect(patient(tokenUrl(OUTSIDE.plain())).platform(), null)).close();

    assertThat(OUTSIDE.plain().ledger().calls(Endpoint.TOKEN)).isEqualTo(before);
  }

  @Test
  void aConnectionIsGoodForOneRequest() {
    Platform platform = patient(tokenUrl(OUTSIDE.plain())).platform();
    Secret token = Secret.of(OUTSIDE.plain().newFamily().refreshToken());
    Connection connection = await(OUTSIDE.oauth().connect(platform, null));

    assertThat(await(connection.refresh(token, new ClientSecretChoice(0))).status()).isEqualTo(200);

    assertThat(failure(Throwable.class, connection.refresh(token, new ClientSecretChoice(0))))
        .isNotInstanceOf(AssertionError.class);
    assertThat(OUTSIDE.plain().ledger().reuses()).isEmpty();
  }

  @Test
  void aDroppedConnectionIsNoAnswer() {
    OUTSIDE.secure().switches().fault(Endpoint.TOKEN, Fault.drop());
    String token = OUTSIDE.secure().newFamily().refreshToken();

    failure(
        NoAnswer.class,
        OUTSIDE.refreshing(patient(tokenUrl(OUTSIDE.secure())).platform(), null, token));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200",
        HEAD + "Content-Length: 500\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n"
      })
  void anAnswerWithoutAWholeHeadIsNone(String bytes) {
    try (CannedServer server = CannedServer.answering(bytes)) {
      failure(NoAnswer.class, OUTSIDE.refreshing(patient(server.url()).platform(), null, "any"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        HEAD + "\r\n" + JSON,
        HEAD + "Content-Type: text/plain; charset=utf-16\r\nContent-Length: 21\r\n\r\n" + JSON,
        HEAD + "Transfer-Encoding: chunked\r\n\r\n15\r\n" + JSON + "\r\n0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n"
            + HEAD
            + "\r\n"
            + JSON
      })
  void aCompleteAnswerIsReadInEveryFraming(String bytes) {
    try (CannedServer server = CannedServer.answering(bytes)) {
      ProviderAnswer answer = OUTSIDE.refresh(patient(server.url()).platform(), null, "any");

      assertThat(answer.body().reveal()).isEqualTo(JSON);
      assertThat(answer.json()).isEqualTo(Map.of("access_token", "at"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "7", "\"text\"", "null", "{\"a\":", "\u001f\u008b gzip", ""})
  void whatIsNoJsonObjectIsKeptAsText(String body) {
    try (CannedServer server = CannedServer.answering(HEAD + "\r\n" + body)) {
      ProviderAnswer answer = OUTSIDE.refresh(patient(server.url()).platform(), null, "any");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.json()).isNull();
    }
  }

  @Test
  void nestingWithoutEndIsNoWholeJson() {
    try (CannedServer server = CannedServer.answering(HEAD + "\r\n" + "{\"a\":".repeat(10_000))) {
      assertThat(OUTSIDE.refresh(patient(server.url()).platform(), null, "any").whole()).isFalse();
    }
  }

  @Test
  void aBodyOfAMebibyteIsReadAndOfALongerOneThatMuch() {
    String tokens = "{\"access_token\":\"at\",\"expires_in\":60,\"filler\":\"";
    String most = tokens + "x".repeat(1024 * 1024 - tokens.length() - 2) + "\"}";
    try (CannedServer fits = CannedServer.answering(HEAD + "\r\n" + most);
        CannedServer over = CannedServer.answering(HEAD + "\r\n" + tokens + most)) {
      assertThat(most).hasSize(1024 * 1024);
      assertThat(OUTSIDE.refresh(patient(fits.url()).platform(), null, "any").whole()).isTrue();

      RawAnswer tooMuch = OUTSIDE.raw(patient(over.url()).platform(), "any");
      assertThat(tooMuch.status()).isEqualTo(200);
      assertThat(tooMuch.end()).isEqualTo(RawAnswer.End.UNREADABLE);
      assertThat(tooMuch.body().reveal()).hasSize(1024 * 1024).startsWith(tokens);
    }
  }

  @Test
  void whatComesUnaskedEndsTheConnectionBeforeAnythingIsSent() throws InterruptedException {
    try (CannedServer server = CannedServer.blurting("HTTP/1.1 408 Request Timeout\r\n\r\n")) {
      Platform platform = patient(server.url()).platform();
      Connection connection = await(OUTSIDE.oauth().connect(platform, null));

      server.awaitLeave();

      ConnectFailure unsent =
          failure(
              ConnectFailure.class,
              connection.refresh(Secret.of("any"), new ClientSecretChoice(0)));
      assertThat(unsent.proxyFault()).isFalse();
      assertThat(unsent).hasMessageContaining("before anything was sent");
    }
  }

  @Test
  void theWireCarriesTheFormAndNothingElse() {
    try (CannedServer server = CannedServer.answering(HEAD + "\r\n" + JSON)) {
      OUTSIDE.refresh(patient(server.url()).platform(), null, "1//r+t");

      assertThat(server.requests()).hasSize(1);
      assertThat(server.requests().getFirst())
          .startsWith("POST /token HTTP/1.1\r\n")
          .endsWith(
              "\r\n\r\ngrant_type=refresh_token&refresh_token=1%2F%2Fr%2Bt"
                  + "&client_id=client-id&client_secret=client-secret")
          .doesNotContainIgnoringCase("traceparent", "accept-encoding");
    }
  }

  @Test
  void anAnswerFromTheEscrowReadsTheSame() {
    ProviderAnswer answer =
        OUTSIDE
            .oauth()
            .read(
                new RawAnswer(200, Map.of(), Secret.of(JSON), RawAnswer.End.WHOLE),
                patient(tokenUrl(OUTSIDE.secure())).platform());

    assertThat(answer.json()).isEqualTo(Map.of("access_token", "at"));
    assertThat(answer.retryAfter()).isNull();
    assertThat(answer.body().reveal()).isEqualTo(JSON);
  }

  @Test
  void revokingReachesTheProviderAndCompletesWhateverHappens() {
    NewFamily family = OUTSIDE.secure().newFamily();
    Platform reachable =
        patient(tokenUrl(OUTSIDE.secure()))
            .revocationUrl(URI.create(OUTSIDE.secure().url(Endpoint.REVOKE)))
            .platform();
    Platform dead =
        patient(tokenUrl(OUTSIDE.secure()))
            .revocationUrl(URI.create("http://127.0.0.1:1/revoke"))
            .timeouts(SOON, SOON, SOON)
            .platform();
    Secret token = Secret.of(family.refreshToken());

    await(OUTSIDE.oauth().revoke(dead, null, token, new ClientSecretChoice(0)));
    assertThat(OUTSIDE.secure().ledger().liveLeaf(family.id())).isPresent();
    await(OUTSIDE.oauth().revoke(reachable, null, token, new ClientSecretChoice(0)));
    assertThat(OUTSIDE.secure().ledger().liveLeaf(family.id())).isEmpty();
  }

  private static ProviderAnswer refresh(String refreshToken) {
    return OUTSIDE.refresh(patient(tokenUrl(OUTSIDE.secure())).platform(), null, refreshToken);
  }

  private static Judgement judged(ProviderAnswer answer) {
    return Judge.judge(answer, patient(tokenUrl(OUTSIDE.secure())).platform());
  }

  private static Judgement.Tokens tokens(ProviderAnswer answer) {
    return (Judgement.Tokens) judged(answer);
  }

  private static String next(Judgement.Tokens tokens) {
    Secret next = tokens.refreshToken();
    assertThat(next).isNotNull();
    return next == null ? "" : next.reveal();
  }
}
