package dev.evertoken.port;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.Trigger;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The conditional writes that make a refresh single, and its answer durable: each one statement,
 * each deciding by what it compares. Zero rows is an outcome here, not an error.
 */
public interface RefreshClaims {

  /**
   * Takes the claim of an account. It also proves that PostgreSQL can be written before a refresh
   * token is spent. When it fails, a claim that was written all the same is given back behind the
   * caller's back: nothing was sent under it.
   *
   * @param seen the row that the caller decided on: claimed only if generation and sequence are
   *     still these
   * @param ignoreNotBefore an operator's refresh does not wait
   */
  Future<Take> take(
      Account seen, UUID attempt, Duration lapse, Trigger trigger, boolean ignoreNotBefore);

  sealed interface Take {

    /**
     * The claim is ours.
     *
     * @param refreshToken null when the row has none
     * @param proxy null when the account has no proxy, or when its row is missing ({@code
     *     account.proxyId()} tells)
     */
    record Taken(Account account, @Nullable Secret refreshToken, @Nullable Proxy proxy)
        implements Take {}

    /** Somebody refreshes, or refreshed and died: {@code account.credentials().claim()} tells. */
    record Held(Account account, Claim claim) implements Take {}

    /** None starts before {@code account.credentials().notBefore()}. */
    record Resting(Account account) implements Take {}

    /** The row has moved on since it was read. */
    record Moved(Account account) implements Take {}

    /** Deleted. */
    record Gone() implements Take {}
  }

  /**
   * Moves the lapse of our claim to that long from now; false: it is not ours any more, or the
   * refresh token that it was taken for has been replaced.
   */
  Future<Boolean> extend(long account, UUID attempt, Duration lapse);

  /** Gives back a claim under which nothing was sent. */
  Future<Boolean> release(long account, UUID attempt);

  /**
   * Writes the outcome under our claim and gives it up. Empty: the row was not ours, or its
   * generation had moved (our claim is given up then too). An unknown outcome and an unreadable
   * answer are written also on a later generation, as long as the refresh token is the one that was
   * presented.
   */
  Future<Optional<Account>> settle(Settlement settlement);

  /**
   * How a refresh without a token ended.
   *
   * @param generation the one that was judged; {@code error} is written only against it
   * @param history of the account's failures after this one
   */
  record Settlement(
      long account,
      UUID attempt,
      long generation,
      LastRefresh outcome,
      Next next,
      Mark mark,
      FailureHistory history) {}

  /**
   * When the account is refreshed again.
   *
   * @param notBefore no refresh before this, or null
   * @param dueAt when the background tries next, or null to leave it
   */
  record Next(@Nullable Instant notBefore, @Nullable Instant dueAt) {
    /** Nothing is moved. */
    public static final Next AS_IT_WAS = new Next(null, null);
  }

  /** What a failed refresh leaves on its account. */
  sealed interface Mark {
    /** Nothing. */
    record None() implements Mark {}

    /** A person must act. */
    record Failed(AccountError error) implements Mark {}

    record Benched(Bench bench) implements Mark {}

    /**
     * It is not known whether the refresh token was spent, from now on or still; counts a try.
     *
     * @param bench where no token is valid, or null
     */
    record Unknown(@Nullable Bench bench) implements Mark {}

    /** The answer lies in an escrow and nobody can read it; counts a try. */
    record Unreadable(@Nullable Bench bench) implements Mark {}
  }

  /**
   * Ends a claim that lapsed: whoever held it may have sent. Empty: it was extended, ended or
   * settled meanwhile, or PostgreSQL has only just come back and its holder may still commit.
   *
   * @param unknown whether the outcome counts as unknown from the time of the claim on
   */
  Future<Optional<Account>> settleLapsed(long account, UUID attempt, boolean unknown, Next next);

  /**
   * Writes the answer on the current row, whatever else of it has changed; compares the sequence
   * and the refresh token that were presented. Where another live account holds the refresh token
   * that came, the access token is written and the account goes into {@code error} ({@code
   * refresh_token_shared}): the token stays with its one holder.
   */
  Future<Commit> commit(Tokens tokens);

  /**
   * The answer to commit.
   *
   * @param access null: the answer had no usable one, and the row keeps what it has
   */
  record Tokens(
      UUID attempt,
      Escrow.Holder holder,
      Escrow.Presented presented,
      @Nullable NewAccess access,
      NewRefresh refresh,
      Next next,
      Details details) {}

  /**
   * The new access token.
   *
   * @param expiresAt the stored, early expiry
   * @param lifetime what the provider gave; null: none that is worth remembering
   */
  record NewAccess(Secret token, String type, Instant expiresAt, @Nullable Duration lifetime) {}

  /**
   * The refresh token after the answer.
   *
   * @param next the new one, or null when the presented one stays
   * @param expiresAt when the one in force ends by itself, as far as it is known, or null to leave
   *     what the row says
   * @param idleAt when it ends unless it is used again, or null
   */
  record NewRefresh(@Nullable Secret next, @Nullable Instant expiresAt, @Nullable Instant idleAt) {

    /** One that does not end by being left alone. */
    public NewRefresh(@Nullable Secret next, @Nullable Instant expiresAt) {
      this(next, expiresAt, null);
    }
  }

  /** What else is written with it. */
  record Details(@Nullable String projectId, LastRefresh outcome) {}

  sealed interface Commit {

    /** Written now. {@code recovered}: it ended an {@code error} or a bench. */
    record Written(Account account, boolean recovered) implements Commit {}

    /** Written before, by this attempt. */
    record Already(Account account) implements Commit {}

    /**
     * Another token chain, or a newer answer, is there: ours is dropped, never revoked.
     *
     * @param sibling whether the row moved on by a refresh from the very token that we presented,
     *     so that our successor may be the one that counts
     */
    record Superseded(Account account, boolean sibling) implements Commit {}

    /** The account was deleted: ours is to be revoked. */
    record Gone() implements Commit {}
  }

  /**
   * Due accounts and lapsed claims, most urgent first, reserved for this node until the reservation
   * lapses; says nothing about outcomes.
   *
   * @param room at most how many due accounts of each platform; those of others are left alone
   * @param closed due accounts on these ways are left alone, at no cost for each of them
   */
  Future<List<Account>> reserveDue(
      Map<String, Integer> room, Duration reservation, Collection<Suspension> closed);

  /**
   * When the next account of these platforms falls due or its claim lapses; empty: none.
   *
   * @param closed due accounts on these ways do not count
   */
  Future<Optional<Instant>> nextDue(Collection<String> platforms, Collection<Suspension> closed);
}
