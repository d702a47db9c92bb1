package dev.evertoken.bus;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenRequest;
import dev.evertoken.domain.Trace;
import dev.evertoken.wire.RenderedAnswers;
import dev.evertoken.wire.TokenRequestJson;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Answers {@link Addresses#TOKEN_GET}. */
public final class TokenGet implements BusOperation {

  private final BiFunction<Caller, TokenRequest, Future<TokenAnswer>> tokens;
  private final InstantSource time;

  /** The bus copies what it delivers, so one object serves many callers. */
  private final RenderedAnswers<JsonObject> rendered =
      new RenderedAnswers<>(UnaryOperator.identity(), UnaryOperator.identity());

  public TokenGet(
      BiFunction<Caller, TokenRequest, Future<TokenAnswer>> tokens, InstantSource time) {
    this.tokens = tokens;
    this.time = time;
  }

  @Override
  public Future<JsonObject> run(Caller caller, JsonObject body, Trace trace) {
    Future<TokenAnswer> answer = tokens.apply(caller, TokenRequestJson.body(body).tracedBy(trace));
    return answer.succeeded()
        ? Future.succeededFuture(json(answer.result()))
        : answer.map(this::json);
  }

  private JsonObject json(TokenAnswer answer) {
    return rendered.of(answer, Instant.ofEpochMilli(time.millis()));
  }
}
