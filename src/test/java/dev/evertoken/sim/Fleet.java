package dev.evertoken.sim;

import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.BreakerPolicy;
import dev.evertoken.domain.ClientAuth;
import dev.evertoken.domain.Limits;
import dev.evertoken.domain.OnError;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.domain.RefreshPolicy;
import dev.evertoken.domain.Rotation;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.AccountStore.NewAccount;
import dev.evertoken.port.ProxyStore;
import dev.evertoken.port.ProxyStore.NewProxy;
import dev.evertoken.sim.Ledger.Rule;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The platforms and accounts of a run: the only place that knows how they are made. An account's
 * first refresh is due at once.
 */
final class Fleet {

  /** How long an access token lives at the provider. */
  static final Duration LIFE = Duration.ofMinutes(2);

  static final String POOL = "blue";

  static final RefreshPolicy REFRESH =
      new RefreshPolicy(
          Duration.ofMinutes(15),
          Duration.ofMinutes(3),
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          OnError.USE_EXISTING);

  private final Platforms platforms;
  private final Map<String, Rule> rules = new HashMap<>();
  private final List<Long> accounts = new ArrayList<>();
  private final List<Long> proxies = new ArrayList<>();
  private final Random random;

  Fleet(Random random) {
    this.random = random;
    Map<String, Platform> byName = new HashMap<>();
    int kinds = 1 + random.nextInt(2);
    for (int i = 0; i < kinds; i++) {
      String name = "platform-" + i;
      Rule rule = rule();
      rules.put(name, rule);
      byName.put(name, platform(name, rotation(rule)));
    }
    platforms = new Platforms(byName);
  }

  private Rule rule() {
    int dice = random.nextInt(10);
    return dice < 5 ? Rule.STRICT : dice < 7 ? Rule.GRACE : dice < 9 ? Rule.UNTIL_USED : Rule.NONE;
  }

  private static Rotation rotation(Rule rule) {
    return switch (rule) {
      case NONE -> new Rotation.None();
      case STRICT -> new Rotation.Strict();
      // Less than what the provider gives, as nobody knows that to the second.
      case GRACE -> new Rotation.Grace(Ledger.GRACE.minusSeconds(2));
      case UNTIL_USED -> new Rotation.UntilUsed();
    };
  }

  private static Platform platform(String name, Rotation rotation) {
    return new Platform(
        name,
        URI.create("https://" + name + ".test/token"),
        null,
        null,
        "client-id",
        List.of(Secret.of("client-secret")),
        ClientAuth.POST,
        List.of(),
        false,
        Map.of(),
        LIFE,
        rotation,
        Duration.ZERO,
        REFRESH,
        new Limits(6, 20),
        new BreakerPolicy(3, Duration.ofSeconds(5)),
        List.of(),
        null,
        List.of());
  }

  Platforms platforms() {
    return platforms;
  }

  List<Long> accounts() {
    return accounts;
  }

  List<Long> proxies() {
    return proxies;
  }

  /** Stores it all, before any node runs. */
  void store(VirtualTime time, ProxyStore proxyStore, AccountStore accountStore, Ledger ledger) {
    int ways = random.nextInt(3);
    for (int i = 0; i < ways; i++) {
      NewProxy proxy =
          new NewProxy("proxy-" + i, ProxyKind.HTTP, "proxy-" + i + ".test", 8080, null, null);
      proxies.add(time.get(proxyStore.create(proxy)).id());
    }
    int count = 2 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      String platform = "platform-" + random.nextInt(rules.size());
      Secret token = ledger.authorise(i + 1L, rules.getOrDefault(platform, Rule.STRICT));
      NewAccount account = account(i, platform, token, way(), time.instant());
      accounts.add(time.get(accountStore.create(account, null)).id());
    }
  }

  private @Nullable Long way() {
    return proxies.isEmpty() || random.nextInt(3) == 0
        ? null
        : proxies.get(random.nextInt(proxies.size()));
  }

  private static NewAccount account(
      int number, String platform, Secret token, @Nullable Long proxy, Instant due) {
    return new NewAccount(
        "account-" + number,
        platform,
        AccountType.OAUTH,
        token,
        null,
        null,
        null,
        due,
        null,
        null,
        proxy,
        50,
        List.of(POOL),
        false,
        List.of());
  }
}
