package dev.evertoken.memory;

import dev.evertoken.domain.AccessToken;
import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.RefreshTokenState.Doubt;
import dev.evertoken.domain.Secret;
import dev.evertoken.memory.MemoryDatabase.Broken;
import dev.evertoken.port.AccountStore.TokenUse;
import dev.evertoken.port.RefreshClaims.Commit;
import dev.evertoken.port.RefreshClaims.NewAccess;
import dev.evertoken.port.RefreshClaims.Tokens;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the answer of a provider on the row as it is. */
final class CommitOnRow {

  private final MemoryDatabase database;

  CommitOnRow(MemoryDatabase database) {
    this.database = database;
  }

  Commit write(Tokens tokens) {
    Optional<AccountRow> found =
        database.live(tokens.holder().account(), tokens.holder().incarnation());
    if (found.isEmpty()) {
      return new Commit.Gone();
    }
    AccountRow row = found.get();
    Secret presented = tokens.presented().token();
    Secret came = presented.equals(tokens.refresh().next()) ? null : tokens.refresh().next();
    if (tokens.attempt().equals(row.committedAttempt)) {
      return new Commit.Already(row.view());
    }
    if (!database.broken(Broken.COMMIT_COMPARES_NOTHING)
        && (row.sequence != tokens.presented().sequence()
            || !presented.equals(row.refreshToken)
            || (came == null && !newer(row, tokens)))) {
      return new Commit.Superseded(row.view(), presented.equals(row.parent));
    }
    boolean shared = came != null && heldByAnother(row, came);
    boolean stays = stays(row, tokens, came);
    Instant now = database.now();
    boolean troubled =
        (row.status == AccountStatus.ERROR && !stays)
            || row.benched(BenchCause.REFRESH_FAILED, now)
            || row.benched(BenchCause.OUTCOME_UNKNOWN, now);
    access(row, tokens.access());
    if (came != null) {
      successor(row, presented, came, shared);
    }
    Instant end = tokens.refresh().expiresAt();
    row.endsMoved(end == null ? row.refreshTokenExpiresAt : end, tokens.refresh().idleAt(), now);
    row.committedAttempt = tokens.attempt();
    if (row.claimedBy(tokens.attempt())) {
      row.noClaim();
    }
    row.doubt = Doubt.NONE;
    row.reservedUntil = null;
    row.history = FailureHistory.NONE;
    if (!stays) {
      row.error = shared ? shared(tokens) : null;
      if (row.status != AccountStatus.DISABLED) {
        row.status = shared ? AccountStatus.ERROR : AccountStatus.ACTIVE;
      }
    }
    row.notBefore = tokens.next().notBefore();
    row.dueAt = shared ? null : tokens.next().dueAt() == null ? row.dueAt : tokens.next().dueAt();
    row.clearRefreshBenches(now);
    row.lastRefresh = tokens.details().outcome();
    if (tokens.details().projectId() != null) {
      row.projectId = tokens.details().projectId();
    }
    return new Commit.Written(database.changed(row), troubled);
  }

  /** An answer that keeps the refresh token counts if nothing newer was written. */
  private static boolean newer(AccountRow row, Tokens tokens) {
    NewAccess access = tokens.access();
    return row.generation == tokens.presented().generation()
        || (access != null
            && (row.access.expiresAt() == null
                || row.access.expiresAt().isBefore(access.expiresAt())));
  }

  /** The refresh token that this answer keeps was refused after the answer had been asked for. */
  private static boolean stays(AccountRow row, Tokens tokens, @Nullable Secret came) {
    return row.status == AccountStatus.ERROR
        && came == null
        && row.error != null
        && row.error.since().isAfter(tokens.details().outcome().at());
  }

  private boolean heldByAnother(AccountRow row, Secret token) {
    Optional<TokenUse> use = database.useOf(row.platform, token);
    return use.isPresent() && !use.get().spent() && use.get().account() != row.id;
  }

  private static void access(AccountRow row, @Nullable NewAccess access) {
    row.nextGeneration(access == null);
    if (access != null) {
      row.access =
          new AccessToken(
              access.token(),
              access.type(),
              access.expiresAt(),
              access.lifetime(),
              row.access.rejectedGeneration(),
              row.access.rejectedAt());
    }
  }

  private void successor(AccountRow row, Secret presented, Secret came, boolean shared) {
    database.replaced(row.refreshToken, came);
    row.sequence++;
    row.parent = presented;
    database.spend(row, presented);
    row.refreshToken = shared ? null : came;
    if (!shared) {
      database.hold(row, came);
    }
  }

  private static AccountError shared(Tokens tokens) {
    return new AccountError(
        "refresh_token_shared",
        "The provider gave a refresh token that another account holds; authorise this one anew.",
        tokens.details().outcome().at());
  }
}
