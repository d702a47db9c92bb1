package dev.evertoken.boot.settings;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.evertoken.domain.BreakerPolicy;
import dev.evertoken.domain.ClientAuth;
import dev.evertoken.domain.Limits;
import dev.evertoken.domain.OnError;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProjectPolicy;
import dev.evertoken.domain.RefreshPolicy;
import dev.evertoken.domain.ReportRule;
import dev.evertoken.domain.Rotation;
import dev.evertoken.domain.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the template of one platform. */
final class ProviderReader {

  private static final URI NOWHERE = URI.create("https://unconfigured.invalid/");
  private static final ProviderKinds.Lifetime AN_HOUR = new ProviderKinds.Lifetime(ofHours(1));
  private static final Set<String> OURS =
      Set.of("grant_type", "refresh_token", "client_id", "client_secret");
  private static final Kind<Duration> MARGIN = Kinds.duration(Duration.ZERO, ofHours(24));
  private static final Kind<Duration> WINDOW = Kinds.duration(ofSeconds(1), ofDays(30));
  private static final Kind<Duration> DEADLINE = Kinds.duration(ofMillis(1), ofMinutes(2));
  private static final Kind<URI> ENDPOINT = Kinds.endpoint();

  private final Values values;
  private final String name;
  private final String path;

  ProviderReader(Values values, String name) {
    this.values = values;
    this.name = name;
    this.path = "providers." + name;
  }

  Platform read() {
    RefreshPolicy refresh = refresh();
    URI tokenUrl = needed("token_url", ENDPOINT).orElse(NOWHERE);
    String clientId = needed("client_id", Kinds.TEXT).orElse("");
    List<Secret> secrets = clientSecrets();
    ClientAuth auth = values.get(at("client_auth"), Kinds.oneOf(ClientAuth.class), ClientAuth.POST);
    Platform platform =
        new Platform(
            name,
            tokenUrl,
            values.find(at("authorization_url"), ENDPOINT).orElse(null),
            values.find(at("revocation_url"), ENDPOINT).orElse(null),
            clientId,
            secrets,
            auth,
            values.list(at("scopes"), ProviderKinds.SCOPE_TOKEN, List.of()),
            values.get(at("pkce"), ProviderKinds.PKCE, true),
            extraTokenParams(),
            values.get(at("expires_in_default"), ProviderKinds.LIFETIME, AN_HOUR).value(),
            rotation(),
            values.get(at("refresh_token_idle"), idle(), Duration.ZERO),
            refresh,
            limits(),
            breaker(),
            rules(),
            project(),
            new DialectReader(values, path).read(),
            List.of());
    ProviderRules.check(platform, path, !values.missingBelow(path).isEmpty(), values.problems());
    return platform.withMissing(List.copyOf(values.missingBelow(path)));
  }

  private <T> Optional<T> needed(String key, Kind<T> kind) {
    Optional<T> value = values.find(at(key), kind);
    if (!values.isGiven(at(key))) {
      values.problems().missing(at(key), kind.allowed());
    }
    return value;
  }

  private List<Secret> clientSecrets() {
    Optional<Secret> one = values.find(at("client_secret"), Kinds.SECRET);
    List<Secret> several = values.list(at("client_secrets"), Kinds.SECRET, List.of());
    if (one.isPresent() && !several.isEmpty()) {
      values.problems().rule(at("client_secrets"), "not beside client_secret");
    }
    return one.map(List::of).orElse(several);
  }

  private Map<String, String> extraTokenParams() {
    Map<String, String> params = values.texts(at("extra_token_params"));
    params.keySet().stream()
        .filter(OURS::contains)
        .forEach(
            key ->
                values
                    .problems()
                    .rule(at("extra_token_params." + key), "is set by the service itself"));
    return params;
  }

  private Rotation rotation() {
    Optional<Duration> grace =
        values.find(at("rotation.grace"), Kinds.duration(ofSeconds(1), ofDays(90)));
    return grace
        .<Rotation>map(Rotation.Grace::new)
        .orElseGet(() -> values.get(at("rotation"), ProviderKinds.ROTATION, new Rotation.Strict()));
  }

  private static Kind<Duration> idle() {
    return Kinds.duration(Duration.ZERO, ofDays(3650));
  }

  private RefreshPolicy refresh() {
    RefreshPolicy usual = RefreshPolicy.DEFAULT;
    return new RefreshPolicy(
        values.get(at("refresh.window"), WINDOW, usual.window()),
        values.get(at("refresh.skew"), MARGIN, usual.skew()),
        values.get(at("refresh.cache_skew"), MARGIN, usual.cacheSkew()),
        values.get(at("refresh.safety_margin"), MARGIN, usual.safetyMargin()),
        values.get(
            at("refresh.request_timeout"),
            Kinds.duration(ofMillis(1), ofSeconds(30)),
            usual.requestTimeout()),
        values.get(at("refresh.connect_timeout"), DEADLINE, usual.connectTimeout()),
        values.get(at("refresh.tls_timeout"), DEADLINE, usual.tlsTimeout()),
        values.get(at("refresh.total_timeout"), DEADLINE, usual.totalTimeout()),
        values.get(at("refresh.on_error"), Kinds.oneOf(OnError.class), usual.onError()));
  }

  private Limits limits() {
    return new Limits(
        values.get(
            at("limits.concurrency"), Kinds.integer(1, 10_000), Limits.DEFAULT.concurrency()),
        values.get(at("limits.per_second"), Kinds.rate(100_000), Limits.DEFAULT.perSecond()));
  }

  private BreakerPolicy breaker() {
    return new BreakerPolicy(
        values.get(
            at("breaker.max_failures"),
            Kinds.integer(1, 10_000),
            BreakerPolicy.DEFAULT.maxFailures()),
        values.get(
            at("breaker.reset_timeout"),
            Kinds.duration(ofSeconds(1), ofHours(24)),
            BreakerPolicy.DEFAULT.resetTimeout()));
  }

  private List<ReportRule> rules() {
    List<ReportRule> rules = new ArrayList<>();
    int count = values.count(at("rules"));
    for (int i = 0; i < count; i++) {
      String rule = at("rules[" + i + "]");
      Optional<Integer> status = values.find(rule + ".status", Kinds.integer(400, 599));
      Optional<Integer> minutes = values.find(rule + ".minutes", Kinds.integer(1, 10_080));
      List<String> keywords = values.list(rule + ".keywords", Kinds.TEXT, List.of());
      if (status.isPresent() && minutes.isPresent()) {
        rules.add(new ReportRule(status.get(), keywords, ofMinutes(minutes.get())));
      } else if (!values.isGiven(rule + ".status") || !values.isGiven(rule + ".minutes")) {
        values.problems().missing(rule, "status and minutes, and perhaps keywords");
      }
    }
    return rules;
  }

  private @Nullable ProjectPolicy project() {
    List<URI> load = values.list(at("project.load_urls"), ENDPOINT, List.of());
    List<URI> onboard = values.list(at("project.onboard_urls"), ENDPOINT, List.of());
    Duration cooldown =
        values.get(at("project.cooldown"), Kinds.duration(ofSeconds(1), ofHours(24)), ofMinutes(5));
    return values.has(at("project")) ? new ProjectPolicy(load, onboard, cooldown) : null;
  }

  private String at(String key) {
    return path + "." + key;
  }
}
