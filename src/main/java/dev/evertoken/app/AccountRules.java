package dev.evertoken.app;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountType;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.port.AccountStore.Ends;
import dev.evertoken.port.ProxyStore;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What an account may be, beyond the form of its fields. */
final class AccountRules {

  private final Platforms platforms;
  private final ProxyStore proxies;
  private final Time time;

  AccountRules(Platforms platforms, ProxyStore proxies, Time time) {
    this.platforms = platforms;
    this.proxies = proxies;
    this.time = time;
  }

  /** The platform, configured or not; a known one it must be. */
  Platform platform(String name) {
    return platforms
        .find(name)
        .orElseThrow(
            () ->
                invalid(
                    "/platform",
                    "One of "
                        + String.join(", ", new TreeSet<>(platforms.byName().keySet()))
                        + " is expected."));
  }

  Optional<Platform> known(String name) {
    return platforms.find(name);
  }

  /** When the background refreshes credentials that come now. */
  Instant dueAt(Platform platform, Instant expiresAt, @Nullable Duration lifetime, long account) {
    return platform.dueAt(expiresAt, lifetime, account, time.instant());
  }

  /** When a refresh token that comes now ends by itself, as far as its platform tells. */
  Ends ends(Platform platform) {
    Instant now = time.instant();
    return new Ends(platform.refreshTokenEnd(null, now), platform.refreshTokenIdleEnd(now));
  }

  /** The proxy must be there; to a limited key, which sees none, no proxy is. */
  Future<Void> proxy(Caller caller, @Nullable Long id) {
    if (id == null) {
      return Future.succeededFuture();
    }
    if (caller.limited()) {
      return Future.failedFuture(noProxy());
    }
    return proxies
        .find(id)
        .compose(
            found -> found.isPresent() ? Future.succeededFuture() : Future.failedFuture(noProxy()));
  }

  /**
   * The named pools to store: without the platform's own, which every account of it is in; another
   * platform's is refused.
   */
  List<String> pools(String platform, List<String> given) {
    for (String pool : given) {
      if (!pool.equals(platform) && platforms.find(pool).isPresent()) {
        throw invalid("/pools", "The pool of another platform is closed to this account.");
      }
    }
    return given.stream().filter(pool -> !pool.equals(platform)).distinct().toList();
  }

  /** A limited key stays inside: it puts accounts into its own pools, and out of them, only. */
  static void stayInside(Caller caller, List<String> before, List<String> after) {
    if (!caller.limited()) {
      return;
    }
    Set<String> changed = new HashSet<>(before);
    after.forEach(pool -> toggle(changed, pool));
    if (!caller.pools().containsAll(changed)) {
      throw outside();
    }
  }

  /** A limited key makes no account that it would not see. */
  static void staySeen(Caller caller, String platform, List<String> pools, @Nullable Account now) {
    boolean seen =
        !caller.limited()
            || (now != null && caller.accounts().contains(now.id()))
            || caller.pools().contains(platform)
            || pools.stream().anyMatch(caller.pools()::contains);
    if (!seen) {
      throw outside();
    }
  }

  /** The credentials must be of the account's type. */
  static void fit(AccountType type, boolean oauthField, boolean apiKey) {
    if (type == AccountType.OAUTH && apiKey) {
      throw invalid("/credentials/api_key", "An oauth account has no api_key.");
    }
    if (type == AccountType.UPSTREAM && oauthField) {
      throw invalid("/credentials", "An upstream account has an api_key only.");
    }
  }

  static ProblemException invalid(String pointer, String detail) {
    return Problem.field(ProblemCode.INVALID, pointer, detail).exception();
  }

  private static void toggle(Set<String> pools, String pool) {
    if (!pools.remove(pool)) {
      pools.add(pool);
    }
  }

  private static ProblemException noProxy() {
    return invalid("/proxy_id", "There is no such proxy.");
  }

  private static ProblemException outside() {
    return Problem.of(
            ProblemCode.FORBIDDEN, "This API key is limited to pools and accounts; stay inside.")
        .exception();
  }
}
