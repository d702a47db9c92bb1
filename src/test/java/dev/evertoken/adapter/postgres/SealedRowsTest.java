package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.ProxyStore.NewProxy;
import dev.evertoken.port.RefreshClaims.Take;
import dev.evertoken.port.SealedRows.Page;
import dev.evertoken.port.SealedRows.Resealed;
import dev.evertoken.rig.Interfering;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class SealedRowsTest {

  private final StoreRig rig = new StoreRig();
  private final TinkSealer sealer = (TinkSealer) rig.sealer;

  @AfterEach
  void close() {
    rig.close();
  }

  private void exchangeKeys() {
    sealer.use(sealer.keyset().rotated().promoted());
  }

  @Test
  @DisplayName(
      "83 every sealed column comes under the primary key, page by page, and no revision moves")
  void reseals() {
    Account one = rig.create("one");
    Account two = rig.create("two");
    Account three = rig.create("three");
    NewProxy proxy =
        new NewProxy("p", ProxyKind.HTTP, "127.0.0.1", 1, "user", Secret.of("password"));
    long proxyId = get(rig.stores.proxies().create(proxy)).id();
    exchangeKeys();

    assertThat(get(rig.stores.sealed().resealShared())).isEqualTo(new Resealed(2, 0));
    Page first = get(rig.stores.sealed().resealAccounts(0, 2));
    assertThat(first).isEqualTo(new Page(List.of(one.id(), two.id()), new Resealed(4, 0)));
    Page second = get(rig.stores.sealed().resealAccounts(two.id(), 2));
    assertThat(second).isEqualTo(new Page(List.of(three.id()), new Resealed(2, 0)));

    sealer.use(sealer.keyset().pruned());
    assertThat(rig.find(one.id())).isEqualTo(one);
    assertThat(rig.taken(three, UUID.randomUUID()).refreshToken()).isEqualTo(Secret.of("rt-three"));
    assertThat(get(rig.stores.proxies().find(proxyId)).orElseThrow().password())
        .isEqualTo(Secret.of("password"));
    assertThat(get(rig.stores.sealed().resealShared())).isEqualTo(Resealed.NONE);
    assertThat(get(rig.stores.sealed().resealAccounts(0, 10)).resealed()).isEqualTo(Resealed.NONE);
    get(rig.node("after the rewrap", DatabaseLimits.of(2)).close());
  }

  @Test
  @DisplayName("83 a commit between the reading and the rewrite of a row stays")
  void undoesNoCommit() {
    Account account = rig.create("one");
    UUID attempt = UUID.randomUUID();
    Take.Taken taken = rig.taken(account, attempt);
    exchangeKeys();
    Runnable commit =
        () ->
            rig.sql(
                "update accounts set access_sealed = '\\x01'::bytea || access_sealed where id = "
                    + account.id());
    Postgres other =
        get(
            Postgres.open(
                rig.vertx,
                PostgresAddress.parse(Secret.of(rig.uri)),
                DatabaseLimits.of(2),
                new Interfering(sealer, commit),
                "node-2",
                InstantSource.system()));

    Resealed resealed = get(other.sealed().resealAccounts(0, 10)).resealed();

    assertThat(taken.account().id()).isEqualTo(account.id());
    assertThat(resealed)
        .as("neither column is the one that was read")
        .isEqualTo(new Resealed(1, 0));
    get(other.close());
  }

  @Test
  @DisplayName("83 two rewraps of the same rows at once end, and lose nothing")
  void atOnce() {
    List<Account> accounts = List.of(rig.create("a"), rig.create("b"), rig.create("c"));
    Postgres other = rig.node("node-2", DatabaseLimits.of(4));
    exchangeKeys();

    Resealed both =
        get(
                Future.all(
                    rig.stores.sealed().resealAccounts(0, 10),
                    other.sealed().resealAccounts(0, 10)))
            .<Page>list()
            .stream()
            .map(Page::resealed)
            .reduce(Resealed.NONE, Resealed::and);

    assertThat(both).isEqualTo(new Resealed(6, 0));
    sealer.use(sealer.keyset().pruned());
    accounts.forEach(account -> assertThat(rig.find(account.id())).isEqualTo(account));
    get(other.close());
  }

  @Test
  @DisplayName("83 what cannot be opened is counted and stays")
  void counts() {
    Account account = rig.create("one");
    TinkSealer former = new TinkSealer(sealer.keyset());
    sealer.use(Keyset.generate());

    assertThat(get(rig.stores.sealed().resealAccounts(0, 10)).resealed())
        .isEqualTo(new Resealed(0, 2));

    sealer.use(former.keyset());
    assertThat(rig.find(account.id())).isEqualTo(account);
  }
}
