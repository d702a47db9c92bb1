package dev.evertoken.app;

import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Candidate;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.Pool;
import dev.evertoken.domain.PoolStrategy;
import dev.evertoken.domain.Route;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.TokenOptions;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Members, suspensions and requests of all kinds, drawn by chance. */
final class RandomPool {

  private static final String POOL = "mixed";
  private static final List<String> PLATFORMS = List.of("acme", "globex");
  private static final List<List<String>> POOLS =
      List.of(List.of(POOL), List.of(POOL, "vip"), List.of("vip", POOL));

  private final Random random;

  /** The highest id of a member. */
  private final int ids;

  private final boolean crowded;
  private long revision;

  RandomPool(long seed) {
    this.random = new Random(seed);
    this.ids = random.nextBoolean() ? 12 : 220;
    this.crowded = random.nextBoolean();
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  int ids() {
    return ids;
  }

  long id() {
    return 1L + random.nextInt(ids);
  }

  Candidate candidate(Instant now) {
    String platform = one(PLATFORMS);
    Instant valid = chance(4) ? null : near(now);
    Instant fresh = valid == null ? null : valid.minusSeconds(random.nextInt(20));
    boolean key = chance(12);
    return new Candidate(
        id(),
        platform,
        one(POOLS),
        new Route(platform, proxy()),
        random.nextInt(3),
        chance(12)
            ? AccountStatus.ERROR
            : chance(20) ? AccountStatus.DISABLED : AccountStatus.ACTIVE,
        chance(12),
        key ? Credentials.NEVER : fresh,
        key ? Credentials.NEVER : valid,
        chance(4) ? near(now) : null,
        key ? Instant.MAX : chance(4) ? near(now) : null,
        ++revision);
  }

  Suspension suspension(Instant now) {
    Suspension.Kind kind = one(List.of(Suspension.Kind.values()));
    Instant probe = near(now);
    return switch (kind) {
      case PROXY, PROXY_DISABLED, PROXY_MISSING ->
          new Suspension(kind, null, 1L + random.nextInt(4), "", now, probe);
      case ROUTE, UNREADABLE, ROUTE_THROTTLED ->
          new Suspension(kind, one(PLATFORMS), proxy(), "", now, probe);
      case PLATFORM, THROTTLED, PROVIDER_CONFIG ->
          new Suspension(kind, one(PLATFORMS), null, "", now, probe);
    };
  }

  PoolSelection.Wanted wanted() {
    PoolStrategy strategy = one(List.of(PoolStrategy.values()));
    TokenOptions options =
        new TokenOptions(
            null,
            null,
            null,
            chance(4) ? one(PLATFORMS) : null,
            chance(4),
            some(),
            chance(3) ? "session " + random.nextInt(50) : null);
    return new PoolSelection.Wanted(
        new Pool(POOL, strategy, OptionalInt.empty(), 1), caller(), options);
  }

  Set<Long> some() {
    Set<Long> some = new HashSet<>();
    for (int i = chance(2) ? random.nextInt(6) : 0; i > 0; i--) {
      some.add(id());
    }
    return some;
  }

  private Caller caller() {
    return switch (random.nextInt(6)) {
      case 0 -> new Caller("key:1", Set.of(Scope.ADMIN), Set.of(POOL), Set.of());
      case 1 -> new Caller("key:1", Set.of(Scope.ADMIN), Set.of("vip"), some());
      case 2 -> new Caller("key:1", Set.of(Scope.ADMIN), Set.of("acme", "other"), some());
      case 3 -> new Caller("key:1", Set.of(Scope.ADMIN), Set.of("other"), some());
      default -> Caller.trusted("test");
    };
  }

  private @Nullable Long proxy() {
    boolean direct = crowded ? !chance(4) : chance(5);
    return direct ? null : 1L + random.nextInt(4);
  }

  private Instant near(Instant now) {
    return now.plusSeconds(random.nextInt(120) - 40);
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
