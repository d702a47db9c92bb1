package dev.evertoken.app;

import dev.evertoken.domain.Judgement;
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

  /** Until the delivery can commit a successor alone, its record stays: it is the only copy. */
  @Override
  public Future<Boolean> commitSuccessor(
      Platform platform, Escrow.Entry entry, Judgement.Successor successor) {
    return Future.succeededFuture(false);
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
