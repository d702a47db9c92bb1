package dev.evertoken.app;

import dev.evertoken.domain.Platform;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.RefreshClaims.Tokens;
import io.vertx.core.Future;

/**
 * The rows that a replay writes to.
 *
 * @param delivery one that never revokes ({@link NeverRevoking})
 */
record ReplayTarget(Delivery delivery, AccountStore accounts) implements EscrowReplay.Target {

  @Override
  public Future<Void> commit(Platform platform, Tokens tokens) {
    return delivery
        .deliver(platform, null, tokens, Future.succeededFuture(), delayed -> {})
        .mapEmpty();
  }

  @Override
  public Future<Boolean> exists(Escrow.Holder holder) {
    return accounts
        .find(holder.account())
        .map(
            found ->
                found
                    .filter(account -> account.incarnation().equals(holder.incarnation()))
                    .isPresent());
  }
}
