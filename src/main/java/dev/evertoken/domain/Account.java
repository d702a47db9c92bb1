package dev.evertoken.domain;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One identity at a platform, as one revision of its row shows it.
 *
 * @param incarnation names this account even across a rebuilt database that hands out the same id
 * @param pools the named pools it is in, besides the pool of its platform
 * @param projectNotBefore the project is not looked up again before this, or null
 * @param rules for reports, before those of its platform; read from the row only, and not kept in
 *     Redis
 * @param revision grows with every change that an answer, a list or a selection could show
 */
public record Account(
    long id,
    UUID incarnation,
    String platform,
    AccountType type,
    String name,
    AccountStatus status,
    @Nullable AccountError error,
    boolean paused,
    int priority,
    List<String> pools,
    @Nullable Long proxyId,
    @Nullable String projectId,
    @Nullable Instant projectNotBefore,
    @Nullable String email,
    long revision,
    Credentials credentials,
    Benches benches,
    @Nullable LastRefresh lastRefresh,
    Instant createdAt,
    Instant updatedAt,
    List<ReportRule> rules) {

  public Account {
    pools = List.copyOf(pools);
    rules = List.copyOf(rules);
  }

  /** An account without rules, or a copy of one that does not need them. */
  public Account(
      long id,
      UUID incarnation,
      String platform,
      AccountType type,
      String name,
      AccountStatus status,
      @Nullable AccountError error,
      boolean paused,
      int priority,
      List<String> pools,
      @Nullable Long proxyId,
      @Nullable String projectId,
      @Nullable Instant projectNotBefore,
      @Nullable String email,
      long revision,
      Credentials credentials,
      Benches benches,
      @Nullable LastRefresh lastRefresh,
      Instant createdAt,
      Instant updatedAt) {
    this(
        id,
        incarnation,
        platform,
        type,
        name,
        status,
        error,
        paused,
        priority,
        pools,
        proxyId,
        projectId,
        projectNotBefore,
        email,
        revision,
        credentials,
        benches,
        lastRefresh,
        createdAt,
        updatedAt,
        List.of());
  }

  public long generation() {
    return credentials.generation();
  }

  /** The way its refreshes go. */
  public Route route() {
    return new Route(platform, proxyId);
  }

  public boolean inPool(String pool) {
    return platform.equals(pool) || pools.contains(pool);
  }
}
