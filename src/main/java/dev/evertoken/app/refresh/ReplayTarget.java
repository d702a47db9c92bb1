package dev.evertoken.app.refresh;

import dev.evertoken.port.Escrow;
import dev.evertoken.port.RefreshClaims.Commit;
import dev.evertoken.port.RefreshClaims.Tokens;
import io.vertx.core.Future;

/** The rows that a replay writes to. What was committed before is not announced again. */
record ReplayTarget(Engine engine) implements EscrowReplay.Target {

  @Override
  public Future<Void> commit(Tokens tokens) {
    AnswerCommitter committer = new AnswerCommitter(engine, null);
    return committer
        .commit(tokens, delayed -> {})
        .compose(
            commit ->
                commit instanceof Commit.Already
                    ? engine.stores().escrow().committed(tokens.attempt())
                    : committer
                        .conclude(tokens, commit, Future.succeededFuture(), orphan -> {})
                        .mapEmpty());
  }

  @Override
  public Future<Boolean> exists(Escrow.Holder holder) {
    return engine
        .stores()
        .accounts()
        .find(holder.account())
        .map(
            found ->
                found
                    .filter(account -> account.incarnation().equals(holder.incarnation()))
                    .isPresent());
  }
}
