package dev.evertoken.wire;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProjectPolicy;
import dev.evertoken.domain.RefreshPolicy;
import dev.evertoken.domain.Rotation;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.WireName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes a platform's template without its secrets, and the state of its routes. */
public final class PlatformJson {

  private PlatformJson() {}

  /** The platform, and why its ways are left alone. */
  public static JsonObject of(Platform platform, List<Suspension> closed) {
    return new JsonObject()
        .put("platform", platform.name())
        .put("state", state(platform, closed))
        .put("configured", platform.configured())
        .put("missing_variables", new JsonArray(platform.missingVariables()))
        .put("token_url", platform.configured() ? shown(platform.tokenUrl()) : null)
        .put("authorization_url", shown(platform.authorizationUrl()))
        .put("revocation_url", shown(platform.revocationUrl()))
        .put("client_id", platform.clientId().isEmpty() ? null : platform.clientId())
        .put("client_secrets", platform.clientSecrets().size())
        .put("client_auth", WireName.of(platform.clientAuth()))
        .put("scopes", new JsonArray(platform.scopes()))
        .put("pkce", platform.pkce() ? "S256" : "none")
        .put(
            "extra_token_params",
            new JsonArray(List.copyOf(new TreeSet<>(platform.extraTokenParams().keySet()))))
        .put(
            "expires_in_default",
            platform.expiresInDefault() == null
                ? null
                : Long.valueOf(platform.expiresInDefault().toSeconds()))
        .put("rotation", rotation(platform.rotation()))
        .put("refresh_token_idle", platform.refreshTokenIdle().toSeconds())
        .put("refresh_token_max_age", platform.tokenRules().refreshTokenMaxAge().toSeconds())
        .put("old_access_token", WireName.of(platform.tokenRules().oldAccessToken()))
        .put("report_max", platform.tokenRules().reportMax().toSeconds())
        .mergeIn(DialectJson.of(platform))
        .put("refresh", refresh(platform))
        .put(
            "limits",
            new JsonObject()
                .put("concurrency", platform.limits().concurrency())
                .put("per_second", platform.limits().perSecond()))
        .put(
            "breaker",
            new JsonObject()
                .put("max_failures", platform.breaker().maxFailures())
                .put("reset_timeout", platform.breaker().resetTimeout().toSeconds()))
        .put("rules", RuleJson.of(platform.rules()))
        .put("project", project(platform.project()))
        .put("routes", routes(closed));
  }

  private static String state(Platform platform, List<Suspension> closed) {
    if (!platform.configured()) {
      return "unconfigured";
    }
    String state = "up";
    for (Suspension suspension : closed) {
      switch (suspension.kind()) {
        case PROVIDER_CONFIG -> {
          return "misconfigured";
        }
        case THROTTLED -> state = "throttled";
        case PLATFORM -> state = "suspended";
        case ROUTE, UNREADABLE -> state = suspension.proxyId() == null ? "suspended" : state;
        case ROUTE_THROTTLED -> state = suspension.proxyId() == null ? "throttled" : state;
        case PROXY, PROXY_DISABLED, PROXY_MISSING -> {}
      }
    }
    return state;
  }

  /** Without its query, which may hold a key. */
  static @Nullable String shown(@Nullable URI url) {
    return url == null ? null : url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
  }

  private static Object rotation(Rotation rotation) {
    return switch (rotation) {
      case Rotation.None none -> "none";
      case Rotation.Strict strict -> "strict";
      case Rotation.UntilUsed untilUsed -> "until_used";
      case Rotation.Grace(var within) -> new JsonObject().put("grace", within.toSeconds());
    };
  }

  private static JsonObject refresh(Platform platform) {
    RefreshPolicy policy = platform.refresh();
    return new JsonObject()
        .put("window", policy.window().toSeconds())
        .put("skew", policy.skew().toSeconds())
        .put("cache_skew", policy.cacheSkew().toSeconds())
        .put("safety_margin", policy.safetyMargin().toSeconds())
        .put("request_timeout_ms", policy.requestTimeout().toMillis())
        .put("connect_timeout_ms", policy.connectTimeout().toMillis())
        .put("tls_timeout_ms", policy.tlsTimeout().toMillis())
        .put("total_timeout_ms", policy.totalTimeout().toMillis())
        .put("on_error", WireName.of(policy.onError()))
        .put("on_lock_held", WireName.of(platform.tokenRules().onLockHeld()));
  }

  private static @Nullable JsonObject project(@Nullable ProjectPolicy policy) {
    return policy == null
        ? null
        : new JsonObject()
            .put("load_urls", urls(policy.loadUrls()))
            .put("onboard_urls", urls(policy.onboardUrls()))
            .put("cooldown", policy.cooldown().toSeconds());
  }

  private static JsonArray urls(List<URI> urls) {
    JsonArray shown = new JsonArray();
    urls.forEach(url -> shown.add(shown(url)));
    return shown;
  }

  private static JsonArray routes(List<Suspension> closed) {
    JsonArray routes = new JsonArray();
    for (Suspension suspension : closed) {
      routes.add(
          new JsonObject()
              .put("kind", WireName.of(suspension.kind()))
              .put("proxy_id", suspension.proxyId())
              .put("reason", suspension.reason())
              .put("since", Times.text(suspension.since()))
              .put("until", Times.text(suspension.until())));
    }
    return routes;
  }
}
