package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.ApiKey;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.KeyStore.NewKey;
import dev.evertoken.port.ProxyStore.NewProxy;
import io.vertx.core.Future;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SideStoresTest {

  private final StoreRig rig = new StoreRig();

  @AfterAll
  void close() {
    rig.close();
  }

  @Test
  void aKeyOpensWithItsSecretAndNoOther() {
    var created =
        get(
            rig.stores
                .keys()
                .create(
                    new NewKey(
                        "ci", Set.of(Scope.TOKEN_READ), Set.of("blue"), Set.of(7L), null, 3)));
    ApiKey key = created.key();
    String text = created.secret().reveal();
    String prefix = "evt_" + key.id() + "_";
    assertThat(text).startsWith(prefix).hasSize(prefix.length() + 43);
    Secret secret = Secret.of(text.substring(prefix.length()));

    assertThat(get(rig.stores.keys().authenticate(key.id(), secret))).contains(key);
    assertThat(get(rig.stores.keys().authenticate(key.id(), Secret.of("wrong")))).isEmpty();
    assertThat(get(rig.stores.keys().authenticate(key.id() + 99, secret))).isEmpty();

    rig.sql("update api_keys set expires_at = now() - interval '1 second'");
    assertThat(get(rig.stores.keys().authenticate(key.id(), secret))).isEmpty();
    assertThat(get(rig.stores.keys().delete(key.id()))).isTrue();
    assertThat(get(rig.stores.keys().delete(key.id()))).isFalse();
    assertThat(get(rig.stores.keys().find(key.id()))).isEmpty();
  }

  @Test
  void aProxyIsKeptWithItsPassword() {
    Proxy made = get(rig.stores.proxies().create(proxy("one", "pw-1")));
    assertThat(get(rig.stores.proxies().find(made.id()))).contains(made);
    assertThat(made.password()).isEqualTo(Secret.of("pw-1"));

    Proxy changed =
        get(
            rig.stores
                .proxies()
                .change(made.id(), proxy("one", "pw-2"), true, OptionalLong.of(made.revision())));
    assertThat(changed.password()).isEqualTo(Secret.of("pw-2"));
    assertThat(changed.disabled()).isTrue();
    assertThat(changed.revision()).isEqualTo(made.revision() + 1);
    assertThat(
            code(
                rig.stores.proxies().change(made.id(), proxy("x", null), true, OptionalLong.of(1))))
        .isEqualTo(ProblemCode.PRECONDITION_FAILED);
    assertThat(get(rig.stores.proxies().list(10, made.id() - 1))).containsExactly(changed);
  }

  @Test
  void aProxyInUseIsDeletedOnlyByForceAndItsAccountsAreRefused() {
    Proxy used = get(rig.stores.proxies().create(proxy("used", null)));
    Account account = rig.create("through");
    rig.sql("update accounts set proxy_id = " + used.id() + " where id = " + account.id());
    var taken = rig.taken(account, UUID.randomUUID());
    assertThat(taken.proxy()).isEqualTo(used);

    assertThat(code(rig.stores.proxies().delete(used.id(), false, OptionalLong.empty())))
        .isEqualTo(ProblemCode.CONFLICT);
    get(rig.stores.proxies().delete(used.id(), true, OptionalLong.empty()));
    assertThat(code(rig.stores.proxies().delete(used.id(), true, OptionalLong.empty())))
        .isEqualTo(ProblemCode.NOT_FOUND);

    rig.sql("update accounts set claim_attempt = null where id = " + account.id());
    var refused = rig.taken(account, UUID.randomUUID());
    assertThat(refused.proxy()).isNull();
    assertThat(refused.account().proxyId()).isEqualTo(used.id());
  }

  @Test
  void aDisabledProxyCountsAsMissing() {
    Proxy off = get(rig.stores.proxies().create(proxy("off", "pw")));
    get(rig.stores.proxies().change(off.id(), proxy("off", "pw"), true, OptionalLong.empty()));
    Account account = rig.create("via-off");
    rig.sql("update accounts set proxy_id = " + off.id() + " where id = " + account.id());

    assertThat(rig.taken(account, UUID.randomUUID()).proxy()).isNull();
  }

  private static NewProxy proxy(String name, @Nullable String password) {
    return new NewProxy(
        name,
        ProxyKind.HTTP,
        "proxy.example",
        3128,
        password == null ? null : "user",
        password == null ? null : Secret.of(password));
  }

  private static ProblemCode code(Future<?> future) {
    return catchThrowableOfType(ProblemException.class, () -> get(future)).problem().code();
  }
}
