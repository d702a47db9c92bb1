package dev.evertoken.bus;

import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Report;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.TokenOptions;
import dev.evertoken.domain.TokenRequest;
import dev.evertoken.wire.NoticeJson;
import dev.evertoken.wire.TokenRequestJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.Consumer;
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

  private final EventBus bus;
  private final @Nullable Secret key;

  private EvertokenClient(EventBus bus, @Nullable Secret key) {
    this.bus = bus;
    this.key = key;
  }

  public static EvertokenClient create(Vertx vertx) {
    return new EvertokenClient(vertx.eventBus(), null);
  }

  /** The same, showing an API key, for a bus that wants one. */
  public EvertokenClient withKey(Secret apiKey) {
    return new EvertokenClient(bus, apiKey);
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
    return ask(Addresses.TOKEN_GET, TokenRequestJson.write(request), longest).map(Token::read);
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
    return ask(Addresses.TOKEN_REPORT, body, TokenRequestJson.LONGEST_WAIT);
  }

  /** Calls the reader for every notice from now on; end it with {@code unregister()}. */
  public MessageConsumer<Object> onNotice(Consumer<Notice> reader) {
    return bus.consumer(
        Addresses.NOTICES, message -> NoticeJson.read(message.body()).ifPresent(reader));
  }

  private Future<JsonObject> ask(String address, JsonObject body, Duration longest) {
    return send(address, body, longest, true)
        .recover(failure -> elsewhere(failure, address, body, longest))
        .recover(failure -> elsewhere(failure, address, body, longest))
        .recover(failure -> Future.failedFuture(TokenRefusal.of(failure)))
        .compose(EvertokenClient::answer);
  }

  /** A node that has just gone is still known for a moment: the next one gets the message. */
  private Future<JsonObject> elsewhere(
      Throwable failure, String address, JsonObject body, Duration longest) {
    return TokenRefusal.nobodyThere(failure)
        ? send(address, body, longest, false)
        : Future.failedFuture(failure);
  }

  private Future<JsonObject> send(
      String address, JsonObject body, Duration longest, boolean thisNodeOnly) {
    DeliveryOptions options =
        new DeliveryOptions()
            .setSendTimeout(longest.plus(SLACK).toMillis())
            .setLocalOnly(thisNodeOnly)
            .addHeader(Headers.FAILURES, Headers.FAILURES_AS_REPLY);
    if (key != null) {
      options.addHeader(Headers.AUTHORIZATION, "Bearer " + key.reveal());
    }
    return bus.<JsonObject>request(address, body, options).map(reply -> reply.body());
  }

  private static Future<JsonObject> answer(JsonObject reply) {
    JsonObject problem = reply.getJsonObject("problem");
    return problem == null
        ? Future.succeededFuture(reply)
        : Future.failedFuture(TokenRefusal.of(problem));
  }
}
