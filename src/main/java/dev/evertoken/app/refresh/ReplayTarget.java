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
                switch (commit) {
                  case Commit.Already already ->
                      engine.stores().escrow().committed(tokens.attempt());
                  // Deleted, or in another database: the caller finds out before the record goes.
                  case Commit.Gone gone -> Future.failedFuture(NoRefresh.notFound().exception());
                  case Commit.Written written -> conclude(committer, tokens, commit);
                  case Commit.Superseded superseded -> conclude(committer, tokens, commit);
                });
  }

  private static Future<Void> conclude(AnswerCommitter committer, Tokens tokens, Commit commit) {
    return committer.conclude(tokens, commit, Future.succeededFuture(), orphan -> {}).mapEmpty();
  }

  @Override
  public Future<Boolean> deleted(Escrow.Holder holder) {
    return engine.stores().accounts().deleted(holder.account(), holder.incarnation());
  }
}
