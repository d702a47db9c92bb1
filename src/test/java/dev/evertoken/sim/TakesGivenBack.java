package dev.evertoken.sim;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.RefreshClaims;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What the port promises of a failed take, over a way that may fail: a claim that was written all
 * the same is given back.
 */
final class TakesGivenBack implements RefreshClaims {

  private static final Duration BETWEEN = Duration.ofSeconds(1);
  private static final int MOST = 8;

  private final RefreshClaims claims;
  private final NodeTime time;

  TakesGivenBack(RefreshClaims claims, NodeTime time) {
    this.claims = claims;
    this.time = time;
  }

  @Override
  public Future<Take> take(
      Account seen, UUID attempt, Duration lapse, Trigger trigger, boolean ignoreNotBefore) {
    return claims
        .take(seen, attempt, lapse, trigger, ignoreNotBefore)
        .onFailure(failure -> giveBack(seen.id(), attempt, MOST));
  }

  private void giveBack(long account, UUID attempt, int tries) {
    if (tries > 0) {
      time.after(
          BETWEEN,
          () ->
              claims
                  .release(account, attempt)
                  .onFailure(failure -> giveBack(account, attempt, tries))
                  .onSuccess(
                      released -> {
                        if (!released) {
                          giveBack(account, attempt, tries - 1);
                        }
                      }));
    }
  }

  @Override
  public Future<Boolean> extend(long account, UUID attempt, Duration lapse) {
    return claims.extend(account, attempt, lapse);
  }

  @Override
  public Future<Boolean> release(long account, UUID attempt) {
    return claims.release(account, attempt);
  }

  @Override
  public Future<Optional<Account>> settle(Settlement settlement) {
    return claims.settle(settlement);
  }

  @Override
  public Future<Optional<Account>> settleLapsed(
      long account, UUID attempt, boolean unknown, Next next) {
    return claims.settleLapsed(account, attempt, unknown, next);
  }

  @Override
  public Future<Commit> commit(Tokens tokens) {
    return claims.commit(tokens);
  }

  @Override
  public Future<List<Account>> reserveDue(
      Map<String, Integer> room, Duration reservation, Collection<Suspension> closed) {
    return claims.reserveDue(room, reservation, closed);
  }

  @Override
  public Future<Optional<Instant>> nextDue(
      Collection<String> platforms, Collection<Suspension> closed) {
    return claims.nextDue(platforms, closed);
  }
}
