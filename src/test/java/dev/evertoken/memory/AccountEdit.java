package dev.evertoken.memory;

import dev.evertoken.domain.AccessToken;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.RefreshTokenState.Doubt;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.AccountStore.AccountChange;
import dev.evertoken.port.AccountStore.Ends;
import dev.evertoken.port.AccountStore.Field;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One edit of a row. Credentials that are the same as the row's are no change. */
final class AccountEdit {

  private final MemoryDatabase database;
  private final AccountRow row;
  private final AccountChange change;
  private final Consumer<Secret> free;

  /**
   * Prepares it.
   *
   * @param free throws where the new refresh token is not to be had
   */
  AccountEdit(
      MemoryDatabase database, AccountRow row, AccountChange change, Consumer<Secret> free) {
    this.database = database;
    this.row = row;
    this.change = change;
    this.free = free;
  }

  void apply() {
    description();
    place();
    credentials();
  }

  private void description() {
    row.name = Objects.requireNonNullElse(change.name(), row.name);
    row.paused = Objects.requireNonNullElse(change.paused(), row.paused);
    row.rules = Objects.requireNonNullElse(change.rules(), row.rules);
    if (change.status() != null) {
      row.status = change.status();
      row.error = change.status() == AccountStatus.ERROR ? row.error : null;
    }
    if (change.email() != null) {
      row.email = change.email().value();
    }
  }

  private void place() {
    row.priority = Objects.requireNonNullElse(change.priority(), row.priority);
    row.pools = Objects.requireNonNullElse(change.pools(), row.pools);
    if (change.proxyId() != null) {
      row.proxyId = change.proxyId().value();
    }
    if (change.projectId() != null) {
      row.projectId = change.projectId().value();
    }
  }

  private void credentials() {
    boolean access = differs(change.accessToken(), row.access.value());
    boolean apiKey = differs(change.apiKey(), row.apiKey);
    boolean token = differs(change.refreshToken(), row.refreshToken);
    access(access);
    if (apiKey) {
      row.apiKey = value(change.apiKey());
    }
    if (token) {
      refreshToken(value(change.refreshToken()));
    }
    ends(token);
    if (change.refreshDueAt() != null && row.refreshToken != null) {
      row.dueAt = change.refreshDueAt();
    }
    if (access || apiKey || token) {
      row.nextGeneration(!access);
    }
    if (given(change.accessToken()) || given(change.apiKey()) || given(change.refreshToken())) {
      ended();
    }
  }

  /** What is known of another token holds for that only. */
  private void ends(boolean another) {
    Field<Instant> given = change.refreshExpiresAt();
    Ends ends =
        another && change.anothersEnds() != null ? change.anothersEnds() : new Ends(null, null);
    Instant expiresAt = another ? ends.expiresAt() : row.refreshTokenExpiresAt;
    if (given != null) {
      expiresAt = earliest(given.value(), another ? ends.expiresAt() : null);
    }
    if (another || given != null) {
      row.endsMoved(expiresAt, another ? ends.idleAt() : row.refreshTokenIdleAt, database.now());
    }
  }

  private static @Nullable Instant earliest(@Nullable Instant a, @Nullable Instant b) {
    return a == null || (b != null && b.isBefore(a)) ? b : a;
  }

  private void access(boolean another) {
    AccessToken had = row.access;
    Field<Instant> end = change.expiresAt();
    Secret value = another ? value(change.accessToken()) : had.value();
    Instant expiresAt = end != null ? end.value() : another ? null : had.expiresAt();
    row.access =
        new AccessToken(
            value,
            another ? AccessToken.BEARER : had.type(),
            expiresAt,
            had.lifetime(),
            had.rejectedGeneration(),
            had.rejectedAt());
  }

  private void refreshToken(@Nullable Secret token) {
    if (token != null) {
      free.accept(token);
    }
    database.letGo(row, row.refreshToken);
    row.refreshToken = token;
    row.parent = null;
    row.sequence++;
    row.noClaim();
    row.doubt = Doubt.NONE;
    row.history = FailureHistory.NONE;
    row.notBefore = null;
    row.reservedUntil = null;
    row.dueAt = token == null ? null : database.now();
    if (token != null) {
      database.hold(row, token);
    }
  }

  /** A person gave credentials: what failed refreshes left is over. */
  private void ended() {
    Instant now = database.now();
    if (change.status() == null) {
      row.status = row.status == AccountStatus.ERROR ? AccountStatus.ACTIVE : row.status;
      row.error = null;
    }
    row.clear(BenchCause.REFRESH_FAILED, now);
    if (given(change.refreshToken())) {
      row.clear(BenchCause.OUTCOME_UNKNOWN, now);
    }
  }

  private static boolean differs(@Nullable Field<Secret> field, @Nullable Secret now) {
    return field != null && !Objects.equals(field.value(), now);
  }

  private static boolean given(@Nullable Field<Secret> field) {
    return field != null && field.value() != null;
  }

  private static @Nullable Secret value(@Nullable Field<Secret> field) {
    return field == null ? null : field.value();
  }
}
