package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.answer;
import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.AccountStore.Filter;
import dev.evertoken.port.AccountStore.NewAccount;
import dev.evertoken.port.KeyStore.NewKey;
import dev.evertoken.port.ProxyStore.NewProxy;
import dev.evertoken.port.Sealer;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Jdbc;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

final class SecrecyTest {

  private final StoreRig rig = new StoreRig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void aDumpHoldsNoSecret() throws SQLException, IOException {
    Account account = rig.create("marked");
    get(
        rig.stores
            .claims()
            .commit(answer(account, UUID.randomUUID(), "rt-marked", "CANARY-refresh")));
    get(rig.stores.accounts().create(staticKey("CANARY-static"), null));
    get(rig.stores.proxies().create(proxy("CANARY-proxy")));
    NewKey key = new NewKey("k", Set.of(Scope.ADMIN), Set.of(), Set.of(), null, null);
    String secret = get(rig.stores.keys().create(key)).secret().reveal();
    String random = secret.substring(secret.indexOf('_', 4) + 1);

    String dump = dump();

    assertThat(dump).contains("CANARY-name");
    for (String canary :
        List.of(
            "CANARY-refresh",
            "CANARY-static",
            "CANARY-proxy",
            "at-of-",
            "rt-marked",
            "at-marked",
            random)) {
      assertThat(dump)
          .doesNotContain(canary)
          .doesNotContain(HexFormat.of().formatHex(canary.getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void aCiphertextOpensInItsOwnRowAndColumnOnly() {
    Account one = rig.create("one");
    Account two = rig.create("two");
    rig.sql(
        """
        update accounts a set access_sealed = b.access_sealed, refresh_sealed = b.refresh_sealed
        from accounts b where a.id <> b.id
        """);

    assertThat(refused(() -> get(rig.stores.accounts().find(one.id()))).account())
        .isEqualTo(one.id());
    assertThat(refused(() -> rig.take(two, UUID.randomUUID())).code())
        .isEqualTo(ProblemCode.KEY_UNAVAILABLE);
    rig.sql("update accounts set access_sealed = refresh_sealed");
    assertThat(refused(() -> get(rig.stores.accounts().find(two.id()))).code())
        .isEqualTo(ProblemCode.KEY_UNAVAILABLE);
  }

  @Test
  void aListShowsTheOthersWhenOneAccountCannotBeOpened() {
    Account broken = rig.create("broken");
    Account whole = rig.create("whole");
    rig.sql("update accounts set access_sealed = '\\x00' where id = " + broken.id());

    List<Account> listed = get(rig.stores.accounts().list(Filter.ALL, 10, 0));

    assertThat(listed).extracting(Account::id).containsExactly(broken.id(), whole.id());
    assertThat(listed.getFirst().credentials().accessToken()).isNull();
    assertThat(listed.getLast()).isEqualTo(whole);
  }

  @Test
  void aClaimOnARefreshTokenThatCannotBeOpenedIsGivenBack() {
    Account account = rig.create("unreadable");
    rig.sql("update accounts set refresh_sealed = '\\x00' where id = " + account.id());

    refused(() -> rig.take(account, UUID.randomUUID()));

    Await.until("the claim is free", () -> rig.find(account.id()).credentials().claim() == null);
  }

  @Test
  void anAlienKeysetIsNoticedAtTheStart() {
    var alien = new TinkSealer(Keyset.generate());
    var database =
        new Database(rig.vertx, PostgresAddress.parse(Secret.of(rig.uri)), DatabaseLimits.of(2));
    try {
      assertThat(
              catchThrowableOfType(
                  Sealer.CannotOpen.class, () -> get(Installation.of(database, alien))))
          .isNotNull();
    } finally {
      get(database.close());
    }
  }

  private String dump() throws SQLException, IOException {
    StringWriter all = new StringWriter();
    try (Connection connection = Jdbc.connect(rig.uri);
        var statement = connection.createStatement();
        var tables =
            statement.executeQuery("select tablename from pg_tables where schemaname = 'public'")) {
      var copy = connection.unwrap(PGConnection.class).getCopyAPI();
      while (tables.next()) {
        copy.copyOut("copy " + tables.getString(1) + " to stdout", all);
      }
    }
    return all.toString();
  }

  private static NewAccount staticKey(String key) {
    return new NewAccount(
        "CANARY-name",
        "openai",
        AccountType.UPSTREAM,
        null,
        null,
        Secret.of(key),
        null,
        null,
        null,
        null,
        null,
        50,
        List.of(),
        false,
        List.of());
  }

  private static NewProxy proxy(String password) {
    return new NewProxy("p", ProxyKind.SOCKS5, "proxy.example", 1080, "user", Secret.of(password));
  }

  private static Problem refused(ThrowingCallable call) {
    return catchThrowableOfType(ProblemException.class, call).problem();
  }
}
