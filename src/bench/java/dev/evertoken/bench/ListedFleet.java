package dev.evertoken.bench;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.adapter.postgres.DatabaseLimits;
import dev.evertoken.adapter.postgres.ManyAccounts;
import dev.evertoken.adapter.postgres.Postgres;
import dev.evertoken.adapter.postgres.PostgresAddress;
import dev.evertoken.dev.LocalPostgres;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.AccountStore.Filter;
import dev.evertoken.port.PoolStore.Whose;
import dev.evertoken.port.Sealer;
import dev.evertoken.rig.Jdbc;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A database of that many accounts, and the questions of an operator about them. */
final class ListedFleet implements AutoCloseable {

  private static final int PAGE = 50;
  private static final Whose EVERYBODY = new Whose(Set.of(), Set.of(), Set.of());

  private final Vertx vertx = Vertx.vertx();
  private final LocalPostgres server;
  private final Postgres postgres;
  private final long middle;

  ListedFleet(Path folder, int accounts) throws Exception {
    Files.createDirectories(folder);
    middle = accounts / 2;
    server = LocalPostgres.start(folder.resolve("postgres"));
    String uri = server.createDatabase("listed_" + Long.toString(System.nanoTime(), 36));
    Sealer sealer = new TinkSealer(Keyset.generate());
    postgres =
        Stand.within(
            Postgres.open(
                vertx,
                PostgresAddress.parse(Secret.of(uri)),
                DatabaseLimits.of(4),
                sealer,
                "bench",
                InstantSource.system()));
    try (Connection connection = Jdbc.connect(uri)) {
      ManyAccounts.fill(connection, postgres.installation(), sealer, accounts);
      // As a node does every ten minutes, and PostgreSQL after it.
      Stand.within(postgres.tidying(Duration.ZERO).tidy(Duration.ZERO));
      try (Statement statement = connection.createStatement()) {
        statement.execute("vacuum analyze pool_sizes");
      }
    }
  }

  /** By what is asked for. */
  Map<String, Supplier<Future<?>>> questions() {
    Map<String, Supplier<Future<?>>> all = new LinkedHashMap<>();
    all.put("list", list(Filter.ALL, 0));
    all.put("list, in the middle", list(Filter.ALL, middle));
    all.put("list, `platform`", list(filter("gemini", null, null, null, null), middle));
    all.put("list, `pool` of all", list(filter(null, "large", null, null, null), middle));
    all.put("list, `pool` of a tenth", list(filter(null, "tenth", null, null, null), middle));
    all.put("list, `pool` of the last 20", list(filter(null, "last", null, null, null), 0));
    all.put("list, `status=error`", list(filter(null, null, AccountStatus.ERROR, null, null), 0));
    all.put(
        "list, `status=active`",
        list(filter(null, null, AccountStatus.ACTIVE, null, null), middle));
    all.put("list, `schedulable=true`", list(filter(null, null, null, true, null), middle));
    all.put("list, `schedulable=false`", list(filter(null, null, null, false, null), 0));
    all.put("list, `name`", list(filter(null, null, null, null, "account-77"), 0));
    all.put(
        "list, `pool`, `platform` and `schedulable`",
        list(filter("antigravity", "tenth", null, true, null), 0));
    all.put(
        "list, a key limited to a pool and three accounts",
        list(new Filter(null, null, null, null, null, Set.of("last"), Set.of(1L, 3L, 5L)), 0));
    all.put("one account", () -> postgres.accounts().find(middle));
    all.put(
        "a page of a pool for the memory", () -> postgres.changes().members("large", PAGE, middle));
    all.put("`GET /v1/pools`", () -> postgres.pools().list(EVERYBODY, PAGE, ""));
    all.put("`GET /v1/pools/large`", () -> postgres.pools().members("large", EVERYBODY));
    all.put("`GET /v1/pools/last`, of 20", () -> postgres.pools().members("last", EVERYBODY));
    all.put("the counts of `/metrics`", () -> postgres.fleet().counts());
    return all;
  }

  private Supplier<Future<?>> list(Filter filter, long after) {
    return () -> postgres.accounts().list(filter, PAGE, after);
  }

  private static Filter filter(
      @Nullable String platform,
      @Nullable String pool,
      @Nullable AccountStatus status,
      @Nullable Boolean schedulable,
      @Nullable String name) {
    return new Filter(platform, pool, status, schedulable, name, Set.of(), Set.of());
  }

  @Override
  public void close() throws IOException {
    postgres.close();
    vertx.close();
    server.close();
  }
}
