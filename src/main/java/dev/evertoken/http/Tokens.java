package dev.evertoken.http;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenRequest;
import io.vertx.core.Future;

/** Answers token requests, as {@code TokenService} does. */
interface Tokens {

  Future<TokenAnswer> token(Caller caller, TokenRequest request);
}
