package dev.evertoken.domain;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An API key without its secret. */
public record ApiKey(
    long id,
    String name,
    Set<Scope> scopes,
    Set<String> pools,
    Set<Long> accounts,
    @Nullable Instant expiresAt,
    @Nullable Integer ratePerSecond,
    long revision,
    Instant createdAt) {

  public ApiKey {
    scopes = Set.copyOf(scopes);
    pools = Set.copyOf(pools);
    accounts = Set.copyOf(accounts);
  }

  public Caller caller() {
    return new Caller("key:" + id, scopes, pools, accounts);
  }
}
