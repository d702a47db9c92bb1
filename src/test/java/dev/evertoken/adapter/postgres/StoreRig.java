package dev.evertoken.adapter.postgres;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.AccountStore.AccountChange;
import dev.evertoken.port.AccountStore.Field;
import dev.evertoken.port.AccountStore.NewAccount;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.RefreshClaims.Details;
import dev.evertoken.port.RefreshClaims.NewAccess;
import dev.evertoken.port.RefreshClaims.NewRefresh;
import dev.evertoken.port.RefreshClaims.Next;
import dev.evertoken.port.RefreshClaims.Take;
import dev.evertoken.port.RefreshClaims.Tokens;
import dev.evertoken.port.Sealer;
import dev.evertoken.rig.Jdbc;
import dev.evertoken.rig.SharedServers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The stores over a new database of a real PostgreSQL, and samples to fill it with. */
final class StoreRig implements AutoCloseable {

  static final Duration LAPSE = Duration.ofSeconds(15);
  static final String PLATFORM = "antigravity";

  final Vertx vertx = Vertx.vertx();
  final Sealer sealer = new TinkSealer(Keyset.generate());
  final String uri;
  final Postgres stores;

  StoreRig() {
    this(SharedServers.freshDatabase(), DatabaseLimits.of(8));
  }

  StoreRig(String uri, DatabaseLimits limits) {
    this.uri = uri;
    this.stores = node("node-1", limits);
  }

  /** A further node over the same database. */
  Postgres node(String name, DatabaseLimits limits) {
    return get(
        Postgres.open(
            vertx,
            PostgresAddress.parse(Secret.of(uri)),
            limits,
            sealer,
            name,
            InstantSource.system()));
  }

  static <T> T get(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("The future did not end", e);
    }
  }

  static NewAccount sample(String name, @Nullable String refreshToken) {
    return new NewAccount(
        name,
        PLATFORM,
        AccountType.OAUTH,
        refreshToken == null ? null : Secret.of(refreshToken),
        Secret.of("at-" + name),
        null,
        Instant.now().plusSeconds(2400),
        Instant.now().plusSeconds(1500),
        null,
        null,
        null,
        50,
        List.of(),
        false,
        List.of());
  }

  Account create(String name) {
    return get(stores.accounts().create(sample(name, "rt-" + name), null));
  }

  Account find(long id) {
    return get(stores.accounts().find(id)).orElseThrow();
  }

  Take take(Account account, UUID attempt) {
    return get(stores.claims().take(account, attempt, LAPSE, Trigger.BACKGROUND, false));
  }

  Take.Taken taken(Account account, UUID attempt) {
    return (Take.Taken) take(account, attempt);
  }

  /** The answer to a refresh that presented the token of that row; it lives an hour. */
  static Tokens answer(
      Account presented, UUID attempt, String presentedToken, @Nullable String newToken) {
    return answer(presented, attempt, presentedToken, newToken, Instant.now().plusSeconds(3300));
  }

  static Tokens answer(
      Account presented,
      UUID attempt,
      String presentedToken,
      @Nullable String newToken,
      Instant expiresAt) {
    return new Tokens(
        attempt,
        new Escrow.Holder(presented.id(), presented.incarnation(), presented.platform()),
        new Escrow.Presented(
            Secret.of(presentedToken),
            presented.credentials().refreshTokenSequence(),
            presented.generation()),
        new NewAccess(Secret.of("at-of-" + attempt), "Bearer", expiresAt, Duration.ofHours(1)),
        new NewRefresh(newToken == null ? null : Secret.of(newToken), null),
        new Next(null, expiresAt.minusSeconds(900)),
        new Details(null, outcome(attempt, RefreshClass.SUCCESS)));
  }

  static LastRefresh outcome(UUID attempt, RefreshClass result) {
    return new LastRefresh(
        attempt, Instant.now(), result, Trigger.BACKGROUND, Duration.ofMillis(120), null);
  }

  static AccountChange newRefreshToken(String token) {
    return new AccountChange(
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        new Field<>(Secret.of(token)),
        null,
        null,
        null,
        null,
        null);
  }

  static AccountChange rename(String name) {
    return new AccountChange(
        name, null, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  /** Runs plain SQL beside the stores. */
  void sql(String sql) {
    try (Connection connection = Jdbc.connect(uri);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The first column of the first row. */
  Optional<String> value(String sql) {
    try (Connection connection = Jdbc.connect(uri);
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    get(stores.close());
    get(vertx.close());
  }
}
