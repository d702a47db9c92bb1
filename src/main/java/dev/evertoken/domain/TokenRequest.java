package dev.evertoken.domain;

/** A request for a token of one account, or of any healthy one of a pool. */
public sealed interface TokenRequest {

  TokenOptions options();

  record OfAccount(long account, TokenOptions options) implements TokenRequest {}

  record OfPool(String pool, TokenOptions options) implements TokenRequest {}
}
