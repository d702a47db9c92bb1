package dev.evertoken.port;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Way;
import dev.evertoken.domain.WayRecord;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the whole cluster knows of the ways upstream: the evidence against them, and which are
 * suspended. Times are PostgreSQL's where a method is not given one.
 */
public interface RouteStore {

  /** Every suspension, also those that an operator set by closing or deleting a proxy. */
  Future<List<Suspension>> suspensions();

  /** The ways that have evidence, or had an exchange in the last minute. */
  Future<List<WayRecord>> records();

  /** What is known of one way, which may be nothing. */
  Future<WayRecord> record(Way way);

  /** Adds a failure to the evidence of a way; answers the record after it. */
  Future<WayRecord> failed(Way way, WayRecord.Failure failure);

  /**
   * An understood answer came to a request that was begun then: evidence older than the request is
   * cleared.
   */
  Future<Void> understood(Way way, Instant requestedAt);

  /** Adds what this node counted since it last did. */
  Future<Void> count(Collection<Tally> tallies);

  /**
   * Exchanges of one way that ended in one bucket.
   *
   * @param successes the latest of each account that succeeded, at most two of them
   */
  record Tally(Way way, WayRecord.Bucket bucket, List<WayRecord.Success> successes) {
    public Tally {
      successes = List.copyOf(successes);
    }
  }

  /**
   * Whether an account other than these could refresh on that way and does not fail for reasons of
   * its own: live, active, with a refresh token.
   */
  Future<Boolean> othersCouldRefresh(Way way, Set<Long> besides);

  /** The same of any account of a platform, whatever its route. */
  Future<Boolean> othersOfPlatform(String platform, Set<Long> besides);

  /**
   * Sets the suspension, or moves the probe time of the one that is there later, and ends the probe
   * that runs. The evidence and counts of its ways are kept as they are. True: it is new.
   */
  Future<Boolean> suspend(Suspension suspension);

  /**
   * Takes the one probe of a suspension whose probe time has come, for as long as {@code lapse},
   * and chooses its account: of the live, active accounts with a refresh token that the suspension
   * covers and that are due or have no valid token, and of {@code asker}, first one that does not
   * fail for reasons of its own, then one that did not fail a probe of this suspension (else the
   * one whose failed probe is longest ago), then one whose last exchange succeeded, then the
   * longest due. A suspension for unreadable answers is probed only by an account without a valid
   * token.
   *
   * @param asker the account that somebody asks for now, or null
   * @return empty: it is not due, another node has it, or nobody can be chosen
   */
  Future<Optional<Account>> claimProbe(Suspension suspension, @Nullable Long asker, Duration lapse);

  /** Gives back a probe that did not come to an exchange. */
  Future<Void> releaseProbe(Suspension suspension);

  /** The account's probe failed: others go before it until this suspension ends. */
  Future<Void> probeFailed(Suspension suspension, long account);

  /**
   * Ends it, and with it the evidence and the counts of its way. Ending a platform's makes each
   * suspended route of it due for a probe. False: it was not there any more.
   */
  Future<Boolean> lift(Suspension suspension);
}
