package dev.evertoken.bus;

import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Report;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.domain.TokenRequest;
import dev.evertoken.wire.NoticeJson;
import dev.evertoken.wire.TokenRequestJson;
import io.vertx.core.Future;
import io.vertx.core.Timer;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Evertoken for any verticle of the cluster: asks the node it runs on if that serves tokens, else
 * any other.
 *
 * <p>Safe for any thread; every future ends a little after the caller's wait at the latest, and
 * fails with a {@link TokenRefusal}.
 */
public final class EvertokenClient {

  /** On top of the caller's wait: the way there and back. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  /** A node that has not answered by then may be dead, which nobody knows yet. */
  private static final Duration DOUBT = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final EventBus bus;
  private final @Nullable Secret key;

  private EvertokenClient(Vertx vertx, @Nullable Secret key) {
    this.vertx = vertx;
    this.bus = vertx.eventBus();
    this.key = key;
  }

  public static EvertokenClient create(Vertx vertx) {
    return new EvertokenClient(vertx, null);
  }

  /** The same, showing an API key, for a bus that wants one. */
  public EvertokenClient withKey(Secret apiKey) {
    return new EvertokenClient(vertx, apiKey);
  }

  /** A token of the account that is valid now. */
  public Future<Token> ofAccount(long account) {
    return token(new TokenRequest.OfAccount(account, TokenOptions.NONE));
  }

  /** A token of any healthy account of the pool. */
  public Future<Token> ofPool(String pool) {
    return token(new TokenRequest.OfPool(pool, TokenOptions.NONE));
  }

  /** A token as the request wants it. */
  public Future<Token> token(TokenRequest request) {
    Duration wait = request.options().maxWait();
    Duration longest = wait == null ? TokenRequestJson.LONGEST_WAIT : wait;
    JsonObject body = TokenRequestJson.write(request);
    Duration all = longest.plus(SLACK);
    return answered(
            here(Addresses.TOKEN_GET, body, all)
                .recover(failure -> ifNobodyThere(failure, () -> doubted(body, all))))
        .map(Token::read);
  }

  /** Tells what was seen upstream; answers what follows from it, and the current generation. */
  public Future<JsonObject> report(long account, Report report) {
    JsonObject body =
        new JsonObject()
            .put("account", account)
            .put("generation", report.generation())
            .put("status", report.status());
    if (report.retryAfter() != null) {
      body.put("retry_after", report.retryAfter().toSeconds());
    }
    if (report.message() != null) {
      body.put("message", report.message());
    }
    Duration all = TokenRequestJson.LONGEST_WAIT.plus(SLACK);
    return answered(
        here(Addresses.TOKEN_REPORT, body, all)
            .recover(
                failure ->
                    ifNobodyThere(failure, () -> anywhere(Addresses.TOKEN_REPORT, body, all))));
  }

  /** Calls the reader for every notice from now on; end it with {@code unregister()}. */
  public MessageConsumer<Object> onNotice(Consumer<Notice> reader) {
    return bus.consumer(
        Addresses.NOTICES, message -> NoticeJson.read(message.body()).ifPresent(reader));
  }

  /**
   * Asks a second node where the first one is silent: asking for a token twice changes nothing, and
   * both give the outcome of the same refresh.
   */
  private Future<JsonObject> doubted(JsonObject body, Duration longest) {
    Future<JsonObject> first = anywhere(Addresses.TOKEN_GET, body, longest);
    Timer doubt = vertx.timer(DOUBT.toMillis(), TimeUnit.MILLISECONDS);
    first.onComplete(ended -> doubt.cancel());
    Future<JsonObject> second =
        doubt.transform(
            due ->
                due.failed() ? first : anywhere(Addresses.TOKEN_GET, body, longest.minus(DOUBT)));
    return Future.any(first, second)
        .transform(any -> first.succeeded() || second.failed() ? first : second);
  }

  private Future<JsonObject> here(String address, JsonObject body, Duration longest) {
    return send(address, body, longest, true);
  }

  /** A node that has just gone is still known for a moment: the next one gets the message. */
  private Future<JsonObject> anywhere(String address, JsonObject body, Duration longest) {
    return send(address, body, longest, false)
        .recover(failure -> ifNobodyThere(failure, () -> send(address, body, longest, false)));
  }

  private static Future<JsonObject> ifNobodyThere(
      Throwable failure, Supplier<Future<JsonObject>> otherwise) {
    return TokenRefusal.nobodyThere(failure) ? otherwise.get() : Future.failedFuture(failure);
  }

  private Future<JsonObject> send(
      String address, JsonObject body, Duration longest, boolean thisNodeOnly) {
    DeliveryOptions options =
        new DeliveryOptions()
            .setSendTimeout(longest.toMillis())
            .setLocalOnly(thisNodeOnly)
            .addHeader(Headers.FAILURES, Headers.FAILURES_AS_REPLY);
    if (key != null) {
      options.addHeader(Headers.AUTHORIZATION, "Bearer " + key.reveal());
    }
    return bus.<JsonObject>request(address, body, options).map(reply -> reply.body());
  }

  private static Future<JsonObject> answered(Future<JsonObject> reply) {
    return reply
        .recover(failure -> Future.failedFuture(TokenRefusal.of(failure)))
        .compose(EvertokenClient::answer);
  }

  private static Future<JsonObject> answer(JsonObject reply) {
    JsonObject problem = reply.getJsonObject("problem");
    return problem == null
        ? Future.succeededFuture(reply)
        : Future.failedFuture(TokenRefusal.of(problem));
  }
}
