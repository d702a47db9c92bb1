package dev.evertoken.port;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ReportRule;
import dev.evertoken.domain.Secret;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The accounts, as PostgreSQL keeps them: the one truth.
 *
 * <p>Every method may be called from any thread, ends within the query deadline, and fails with a
 * {@code ProblemException}: {@code storage_unavailable} when PostgreSQL cannot be used, and what
 * else each says.
 */
public interface AccountStore {

  /** The live account, without its refresh token. */
  Future<Optional<Account>> find(long id);

  /**
   * Whether that very account was deleted from this database; false also for one that was never in
   * it.
   */
  Future<Boolean> deleted(long id, UUID incarnation);

  /**
   * Creates an account. Fails with {@code conflict} when a live account of the platform holds the
   * refresh token (the problem names it) or when that token is spent.
   *
   * @param idempotencyKey the same key with the same actor answers, for 24 hours, the account that
   *     was created first; fails with {@code invalid} when the request was another one then
   */
  Future<Account> create(NewAccount account, @Nullable IdempotencyKey idempotencyKey);

  /**
   * Applies the change; fails with {@code not_found}, {@code precondition_failed} or {@code
   * conflict}.
   */
  Future<Account> change(long id, AccountChange change, OptionalLong ifRevision);

  /**
   * Marks the account deleted and hands out its refresh token once, so that it can be revoked
   * upstream.
   */
  Future<Deleted> delete(long id, OptionalLong ifRevision);

  /** Live accounts by id ascending, after the cursor. */
  Future<List<Account>> list(Filter filter, int limit, long afterId);

  /** The same with their refresh tokens, and with the proxies that they go through. */
  Future<List<Whole>> listWhole(Filter filter, int limit, long afterId);

  /** What is known of a refresh token; empty: nobody holds it, and it is not known as spent. */
  Future<Optional<TokenUse>> useOf(String platform, Secret refreshToken);

  /** Back from {@code error} to active; also ends the benches that the error's refreshes set. */
  Future<Account> clearError(long id);

  /**
   * Takes the token of that generation out of use everywhere; empty when another generation is
   * current.
   *
   * @return the row after it
   */
  Future<Optional<Account>> reject(long id, long generation);

  /**
   * Marks accounts whose refresh token ends by itself within seven days or within one, and answers
   * those that were not marked so before: each comes once in the cluster for each of the two, as
   * long as its end does not move.
   */
  Future<List<Account>> markEnding(int limit);

  /**
   * Stores the project of that incarnation if it is still the one that the account shows here;
   * touches no credentials. Empty when the account is gone or has another project by now.
   */
  Future<Optional<Account>> storeProject(Account account, String projectId);

  /**
   * Takes the right to look up the project until the cooldown has passed, for one node of the
   * cluster.
   */
  Future<Boolean> claimProjectLookup(Account account, Duration cooldown);

  /**
   * Takes the right to force a refresh, at most one an account in the interval. Empty: taken; else
   * when the next one is free.
   */
  Future<Optional<Instant>> claimForcedRefresh(long id, Duration interval);

  /**
   * A new account.
   *
   * @param expiresAt the stored expiry of the given access token, or null when none can be read
   * @param refreshDueAt when the background refreshes it first; null: at once, if it has a refresh
   *     token
   * @param refreshExpiresAt when the refresh token ends in any case, or null when that is not known
   * @param refreshIdleAt when it ends unless it is used, or null
   */
  record NewAccount(
      String name,
      String platform,
      AccountType type,
      @Nullable Secret refreshToken,
      @Nullable Secret accessToken,
      @Nullable Secret apiKey,
      @Nullable Instant expiresAt,
      @Nullable Instant refreshDueAt,
      @Nullable String projectId,
      @Nullable String email,
      @Nullable Long proxyId,
      int priority,
      List<String> pools,
      boolean paused,
      List<ReportRule> rules,
      @Nullable Instant refreshExpiresAt,
      @Nullable Instant refreshIdleAt) {

    public NewAccount {
      pools = List.copyOf(pools);
      rules = List.copyOf(rules);
    }

    /** An account of whose refresh token no end is known. */
    public NewAccount(
        String name,
        String platform,
        AccountType type,
        @Nullable Secret refreshToken,
        @Nullable Secret accessToken,
        @Nullable Secret apiKey,
        @Nullable Instant expiresAt,
        @Nullable Instant refreshDueAt,
        @Nullable String projectId,
        @Nullable String email,
        @Nullable Long proxyId,
        int priority,
        List<String> pools,
        boolean paused,
        List<ReportRule> rules) {
      this(
          name,
          platform,
          type,
          refreshToken,
          accessToken,
          apiKey,
          expiresAt,
          refreshDueAt,
          projectId,
          email,
          proxyId,
          priority,
          pools,
          paused,
          rules,
          null,
          null);
    }
  }

  record IdempotencyKey(String actor, String key, String requestHash) {}

  /**
   * A merge: a null component leaves the field as it is; {@link Field} tells "set to nothing" from
   * "not given". New credentials raise the generation and clear {@code error} and {@code
   * refresh_failed}; another refresh token also clears the claim and {@code outcome_unknown}, which
   * speak of the old one.
   *
   * @param expiresAt the stored expiry; a new access token without one has none
   * @param refreshDueAt when the background refreshes it next; null: at once where the refresh
   *     token is another, else as it was
   * @param refreshExpiresAt when the refresh token ends in any case
   * @param anothersEnds of the refresh token that is given, where it is another than the row's;
   *     without them it has none
   */
  record AccountChange(
      @Nullable String name,
      @Nullable AccountStatus status,
      @Nullable Boolean paused,
      @Nullable Integer priority,
      @Nullable List<String> pools,
      @Nullable Field<Long> proxyId,
      @Nullable Field<String> projectId,
      @Nullable Field<String> email,
      @Nullable Field<Secret> refreshToken,
      @Nullable Field<Secret> accessToken,
      @Nullable Field<Secret> apiKey,
      @Nullable Field<Instant> expiresAt,
      @Nullable Instant refreshDueAt,
      @Nullable List<ReportRule> rules,
      @Nullable Field<Instant> refreshExpiresAt,
      @Nullable Ends anothersEnds) {

    /** A change that says nothing of the end of the refresh token. */
    public AccountChange(
        @Nullable String name,
        @Nullable AccountStatus status,
        @Nullable Boolean paused,
        @Nullable Integer priority,
        @Nullable List<String> pools,
        @Nullable Field<Long> proxyId,
        @Nullable Field<String> projectId,
        @Nullable Field<String> email,
        @Nullable Field<Secret> refreshToken,
        @Nullable Field<Secret> accessToken,
        @Nullable Field<Secret> apiKey,
        @Nullable Field<Instant> expiresAt,
        @Nullable Instant refreshDueAt,
        @Nullable List<ReportRule> rules) {
      this(
          name,
          status,
          paused,
          priority,
          pools,
          proxyId,
          projectId,
          email,
          refreshToken,
          accessToken,
          apiKey,
          expiresAt,
          refreshDueAt,
          rules,
          null,
          null);
    }

    public static final AccountChange NOTHING =
        new AccountChange(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  /**
   * When a refresh token ends by itself.
   *
   * @param expiresAt in any case, or null
   * @param idleAt unless it is used, or null
   */
  record Ends(@Nullable Instant expiresAt, @Nullable Instant idleAt) {}

  /** A value to set; null clears. */
  record Field<T>(@Nullable T value) {}

  /** What an account may need of an operator. */
  enum Need {
    /**
     * A look: it is in {@code error} or in doubt, or its refresh token ends within {@link
     * #NEAR_ITS_END}.
     */
    ATTENTION
  }

  /** From so long before its end on, a refresh token is near it. */
  Duration NEAR_ITS_END = Duration.ofDays(7);

  /** An account with all its secrets; a refresh token that cannot be opened is null. */
  record Whole(Account account, @Nullable Secret refreshToken, @Nullable Proxy proxy) {}

  /** Which account holds a refresh token, or held it before it was spent. */
  record TokenUse(long account, boolean spent) {}

  record Deleted(Account account, @Nullable Secret refreshToken) {}

  /**
   * Which accounts a list shows.
   *
   * @param pools only accounts in one of these pools, or with an id in {@code accounts}; both
   *     empty: all
   * @param endsBefore only accounts whose refresh token ends by itself before this
   * @param needs only accounts that need this of an operator
   */
  record Filter(
      @Nullable String platform,
      @Nullable String pool,
      @Nullable AccountStatus status,
      @Nullable Boolean schedulable,
      @Nullable String name,
      Set<String> pools,
      Set<Long> accounts,
      @Nullable Instant endsBefore,
      @Nullable Need needs) {

    /** Whatever the state of their refresh tokens. */
    public Filter(
        @Nullable String platform,
        @Nullable String pool,
        @Nullable AccountStatus status,
        @Nullable Boolean schedulable,
        @Nullable String name,
        Set<String> pools,
        Set<Long> accounts) {
      this(platform, pool, status, schedulable, name, pools, accounts, null, null);
    }

    public static final Filter ALL = new Filter(null, null, null, null, null, Set.of(), Set.of());
  }
}
