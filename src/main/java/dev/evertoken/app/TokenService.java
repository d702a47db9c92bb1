package dev.evertoken.app;

import dev.evertoken.app.AccountReader.Read;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenRequest;
import dev.evertoken.domain.TokenSource;
import dev.evertoken.port.Audit;
import dev.evertoken.port.Metrics;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers token requests, of an account or of a pool: the one way in for HTTP and the event bus.
 * Never blocks; safe for any thread. Fails with a {@link ProblemException}.
 */
public final class TokenService {

  private static final Logger LOG = LoggerFactory.getLogger(TokenService.class);

  private final AccountTokens accounts;
  private final PoolTokens pools;
  private final AccountReader reader;
  private final Audit audit;
  private final Metrics metrics;

  TokenService(
      AccountTokens accounts,
      PoolTokens pools,
      AccountReader reader,
      Audit audit,
      Metrics metrics) {
    this.accounts = accounts;
    this.pools = pools;
    this.reader = reader;
    this.audit = audit;
    this.metrics = metrics;
  }

  /** A token that is valid now, of what the caller may see. */
  public Future<TokenAnswer> token(Caller caller, TokenRequest request) {
    Future<Served> served =
        switch (request) {
          case TokenRequest.OfAccount of -> ofAccount(caller, of);
          case TokenRequest.OfPool of -> pools.token(caller, of.pool(), of.options());
        };
    if (served.succeeded()) {
      return Future.succeededFuture(count(caller, served.result()));
    }
    return served.map(answer -> count(caller, answer)).recover(this::countFailure);
  }

  private Future<Served> ofAccount(Caller caller, TokenRequest.OfAccount request) {
    Account copy = reader.near(request.account());
    if (copy != null) {
      return visible(caller, copy)
          ? accounts.token(new Read(copy, TokenSource.NEAR), request.options())
          : Future.failedFuture(AccountReader.notFound(request.account()).exception());
    }
    return reader
        .read(request.account())
        .compose(
            read ->
                visible(caller, read.account())
                    ? accounts.token(read, request.options())
                    : Future.failedFuture(AccountReader.notFound(request.account()).exception()));
  }

  private static boolean visible(Caller caller, Account account) {
    return caller.sees(account);
  }

  private TokenAnswer count(Caller caller, Served served) {
    TokenAnswer answer = served.answer();
    metrics.tokenAnswered(answer.account().platform(), served.source(), answer.state());
    audit.tokenRead(caller, answer.account().id());
    return answer;
  }

  private Future<TokenAnswer> countFailure(Throwable failure) {
    if (failure instanceof ProblemException expected) {
      metrics.tokenFailed(expected.problem().code());
      return Future.failedFuture(failure);
    }
    LOG.atError().setCause(failure).log("token_bug");
    metrics.tokenFailed(ProblemCode.INTERNAL);
    return Future.failedFuture(Problem.of(ProblemCode.INTERNAL, "An internal error.").exception());
  }
}
