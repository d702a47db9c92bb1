package dev.evertoken.rig;

import dev.evertoken.domain.AnswerShape;
import dev.evertoken.domain.BreakerPolicy;
import dev.evertoken.domain.ClientAuth;
import dev.evertoken.domain.Dialect;
import dev.evertoken.domain.Limits;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProjectPolicy;
import dev.evertoken.domain.RefreshPolicy;
import dev.evertoken.domain.RequestForm;
import dev.evertoken.domain.Rotation;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.TokenRules;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A platform for tests, of which only what matters to the test is said. */
public final class PlatformDraft {

  private String name = "sample";
  private URI tokenUrl = URI.create("http://127.0.0.1:1/token");
  private @Nullable URI revocationUrl;
  private List<Secret> clientSecrets = List.of(Secret.of("client-secret"));
  private ClientAuth clientAuth = ClientAuth.POST;
  private Map<String, String> extraTokenParams = Map.of();
  private @Nullable Duration expiresInDefault = Duration.ofHours(1);
  private Rotation rotation = new Rotation.Strict();
  private RefreshPolicy refresh = RefreshPolicy.DEFAULT;
  private Limits limits = Limits.DEFAULT;
  private Duration refreshTokenIdle = Duration.ZERO;
  private @Nullable ProjectPolicy project;
  private Dialect dialect = Dialect.DEFAULT;

  public PlatformDraft named(String value) {
    name = value;
    return this;
  }

  public PlatformDraft tokenUrl(URI url) {
    tokenUrl = url;
    return this;
  }

  public PlatformDraft revocationUrl(URI url) {
    revocationUrl = url;
    return this;
  }

  public PlatformDraft client(ClientAuth auth, Secret... secrets) {
    clientAuth = auth;
    clientSecrets = List.of(secrets);
    return this;
  }

  public PlatformDraft extraTokenParams(Map<String, String> params) {
    extraTokenParams = params;
    return this;
  }

  public PlatformDraft expiresInDefault(@Nullable Duration lifetime) {
    expiresInDefault = lifetime;
    return this;
  }

  public PlatformDraft rotation(Rotation kind) {
    rotation = kind;
    return this;
  }

  public PlatformDraft refreshTokenIdle(Duration idle) {
    refreshTokenIdle = idle;
    return this;
  }

  public PlatformDraft refresh(RefreshPolicy policy) {
    refresh = policy;
    return this;
  }

  public PlatformDraft project(List<URI> load, List<URI> onboard) {
    project = new ProjectPolicy(load, onboard, Duration.ofMinutes(5));
    return this;
  }

  public PlatformDraft answer(AnswerShape shape) {
    dialect = new Dialect(dialect.request(), shape, dialect.tokens());
    return this;
  }

  public PlatformDraft request(RequestForm form) {
    dialect = new Dialect(form, dialect.answer(), dialect.tokens());
    return this;
  }

  public PlatformDraft tokens(TokenRules rules) {
    dialect = new Dialect(dialect.request(), dialect.answer(), rules);
    return this;
  }

  public PlatformDraft limits(int concurrency, double perSecond) {
    limits = new Limits(concurrency, perSecond);
    return this;
  }

  /** Sets how long connecting, a TLS handshake and one whole exchange may take. */
  public PlatformDraft timeouts(Duration connect, Duration tls, Duration total) {
    refresh =
        new RefreshPolicy(
            refresh.window(),
            refresh.skew(),
            refresh.cacheSkew(),
            refresh.safetyMargin(),
            refresh.requestTimeout(),
            connect,
            tls,
            total,
            refresh.onError());
    return this;
  }

  public Platform platform() {
    return new Platform(
        name,
        tokenUrl,
        null,
        revocationUrl,
        "client-id",
        clientSecrets,
        clientAuth,
        List.of("openid"),
        true,
        extraTokenParams,
        expiresInDefault,
        rotation,
        refreshTokenIdle,
        refresh,
        limits,
        BreakerPolicy.DEFAULT,
        List.of(),
        project,
        dialect,
        List.of());
  }
}
