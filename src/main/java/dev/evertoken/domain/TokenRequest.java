package dev.evertoken.domain;

/** A request for a token of one account, or of any healthy one of a pool. */
public sealed interface TokenRequest {

  TokenOptions options();

  /** The same in a request of that name. */
  TokenRequest tracedBy(Trace trace);

  record OfAccount(long account, TokenOptions options) implements TokenRequest {
    @Override
    public OfAccount tracedBy(Trace trace) {
      return new OfAccount(account, options.tracedBy(trace));
    }
  }

  record OfPool(String pool, TokenOptions options) implements TokenRequest {
    @Override
    public OfPool tracedBy(Trace trace) {
      return new OfPool(pool, options.tracedBy(trace));
    }
  }
}
