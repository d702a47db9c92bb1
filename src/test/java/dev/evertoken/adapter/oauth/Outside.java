package dev.evertoken.adapter.oauth;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.ProviderOptions;
import dev.evertoken.dev.SimulatedProvider;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProviderAnswer;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.OAuthProvider;
import dev.evertoken.port.OAuthProvider.ClientSecretChoice;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import dev.evertoken.rig.PlatformDraft;
import dev.evertoken.rig.TestCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What lies outside of the service, for the tests of a class: a provider over TLS and one without,
 * and a way out that trusts the first.
 *
 * <p>A test of one deadline sets the others to {@link #NEVER}, so that an end within {@link
 * #PATIENCE} can only come from the one.
 */
final class Outside implements BeforeAllCallback, AfterAllCallback {

  static final Duration SOON = Duration.ofMillis(300);

  /** Long enough for a handshake on a busy machine. */
  static final Duration SOME = Duration.ofSeconds(3);

  static final Duration NEVER = Duration.ofMinutes(2);
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private @Nullable Vertx vertx;
  private @Nullable Egress egress;
  private @Nullable SimulatedProvider secure;
  private @Nullable SimulatedProvider plain;

  @Override
  public void beforeAll(ExtensionContext context) {
    vertx = vertx(Egress.nameLookup(List.of()));
    egress = new Egress(vertx, List.of(), pem());
    secure = start(ProviderOptions.DEFAULT.tls(TestCertificate.shared().keyCertOptions()));
    plain = start(ProviderOptions.DEFAULT);
  }

  /** Names of loopback are known without a server. */
  static Vertx vertx(AddressResolverOptions names) {
    names.setHostsValue(
        Buffer.buffer(
            "127.0.0.1 localhost elsewhere.test my_idp.cluster.test my_idp.elsewhere.test\n"));
    return Vertx.vertx(new VertxOptions().setAddressResolverOptions(names));
  }

  private SimulatedProvider start(ProviderOptions options) {
    SimulatedProvider provider = SimulatedProvider.start(vertx(), options).await();
    provider.clients().accept("client-id", "client-secret");
    return provider;
  }

  @Override
  public void afterAll(ExtensionContext context) {
    vertx().close().await();
  }

  Vertx vertx() {
    return started(vertx);
  }

  SimulatedProvider secure() {
    return started(secure);
  }

  SimulatedProvider plain() {
    return started(plain);
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("Only inside a test");
    }
    return part;
  }

  /** Trusts the provider and denies nothing. */
  Egress egress() {
    return started(egress);
  }

  OAuthProvider oauth() {
    return oauth(egress());
  }

  static OAuthProvider oauth(Egress egress) {
    return new HttpOAuthProvider(egress, InstantSource.fixed(Instant.EPOCH));
  }

  /** The certificate of the providers and proxies, as a file of authorities. */
  static Path pem() {
    return TestCertificate.shared().pem().certificate();
  }

  static URI tokenUrl(SimulatedProvider provider) {
    return URI.create(provider.url(Endpoint.TOKEN));
  }

  /** A platform none of whose deadlines ends a test. */
  static PlatformDraft patient(URI tokenUrl) {
    return new PlatformDraft().tokenUrl(tokenUrl).timeouts(NEVER, NEVER, NEVER);
  }

  static Proxy proxy(ProxyKind kind, int port) {
    return proxy(kind, port, null, null);
  }

  static Proxy proxy(ProxyKind kind, int port, @Nullable String user, @Nullable String password) {
    return new Proxy(
        1,
        "proxy",
        kind,
        "127.0.0.1",
        port,
        user,
        password == null ? null : Secret.of(password),
        false,
        1,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  ProviderAnswer refresh(Platform platform, @Nullable Proxy proxy, String refreshToken) {
    return await(refreshing(platform, proxy, refreshToken));
  }

  Future<ProviderAnswer> refreshing(Platform platform, @Nullable Proxy proxy, String refreshToken) {
    return oauth()
        .connect(platform, proxy)
        .compose(line -> line.refresh(Secret.of(refreshToken), new ClientSecretChoice(0)))
        .map(raw -> oauth().read(raw, platform));
  }

  /** What comes over the wire. */
  RawAnswer raw(Platform platform, String refreshToken) {
    return await(
        oauth()
            .connect(platform, null)
            .compose(line -> line.refresh(Secret.of(refreshToken), new ClientSecretChoice(0))));
  }

  ConnectFailure refusal(Platform platform, @Nullable Proxy proxy) {
    return refusal(oauth(), platform, proxy);
  }

  static ConnectFailure refusal(OAuthProvider oauth, Platform platform, @Nullable Proxy proxy) {
    return failure(ConnectFailure.class, oauth.connect(platform, proxy));
  }

  static <F extends Throwable> F failure(Class<F> type, Future<?> future) {
    Throwable failure = catchThrowable(() -> await(future));
    if (!type.isInstance(failure)) {
      throw new AssertionError("not a " + type.getSimpleName() + " but " + failure, failure);
    }
    return type.cast(failure);
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no end within " + PATIENCE, e);
    }
  }
}
