package dev.evertoken.http;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProviderAnswer;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.OAuthProvider;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A token endpoint that answers what it is told, and remembers what it was asked. */
final class ScriptedProvider implements OAuthProvider {

  final List<String> presented = new CopyOnWriteArrayList<>();
  final List<String> revoked = new CopyOnWriteArrayList<>();
  private volatile @Nullable String error;

  /** From now on every refresh is refused with that code. */
  void refuse(@Nullable String code) {
    error = code;
  }

  @Override
  public Future<Connection> connect(Platform platform, @Nullable Proxy proxy) {
    return Future.succeededFuture(
        new Connection() {
          @Override
          public Future<ProviderAnswer> refresh(Secret token, ClientSecretChoice secret) {
            presented.add(token.reveal());
            return Future.succeededFuture(answer(presented.size()));
          }

          @Override
          public void close() {}
        });
  }

  private ProviderAnswer answer(int number) {
    String code = error;
    Map<String, Object> json =
        code == null
            ? Map.of(
                "access_token",
                "canary-at-" + number,
                "refresh_token",
                "canary-rt-" + number,
                "token_type",
                "Bearer",
                "expires_in",
                3600)
            : Map.of("error", code);
    return new ProviderAnswer(code == null ? 200 : 400, json, null, Secret.of(json.toString()));
  }

  @Override
  public ProviderAnswer read(int status, Secret body) {
    throw new UnsupportedOperationException("no escrow is replayed here");
  }

  @Override
  public Future<Void> revoke(Platform platform, @Nullable Proxy proxy, Secret refreshToken) {
    revoked.add(refreshToken.reveal());
    return Future.succeededFuture();
  }
}
