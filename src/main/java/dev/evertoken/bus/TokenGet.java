package dev.evertoken.bus;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenRequest;
import dev.evertoken.wire.TokenAnswerJson;
import dev.evertoken.wire.TokenRequestJson;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.function.BiFunction;

/** Answers {@link Addresses#TOKEN_GET}. */
public final class TokenGet implements BusOperation {

  private final BiFunction<Caller, TokenRequest, Future<TokenAnswer>> tokens;
  private final InstantSource time;

  public TokenGet(
      BiFunction<Caller, TokenRequest, Future<TokenAnswer>> tokens, InstantSource time) {
    this.tokens = tokens;
    this.time = time;
  }

  @Override
  public Future<JsonObject> run(Caller caller, JsonObject body) {
    return tokens
        .apply(caller, TokenRequestJson.body(body))
        .map(answer -> TokenAnswerJson.of(answer, time.instant()));
  }
}
