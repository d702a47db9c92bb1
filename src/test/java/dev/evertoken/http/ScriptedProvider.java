package dev.evertoken.http;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProviderAnswer;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.OAuthProvider;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A token endpoint that answers what it is told, and remembers what it was asked. */
final class ScriptedProvider implements OAuthProvider {

  final List<String> presented = new CopyOnWriteArrayList<>();
  final List<String> revoked = new CopyOnWriteArrayList<>();
  private volatile @Nullable String error;
  private volatile String tokenType = "Bearer";

  /** From now on its tokens are of that type. */
  void tokenType(String type) {
    tokenType = type;
  }

  /** From now on every refresh is refused with that code. */
  void refuse(@Nullable String code) {
    error = code;
  }

  @Override
  public Future<Connection> connect(Platform platform, @Nullable Proxy proxy) {
    return Future.succeededFuture(
        new Connection() {
          @Override
          public Future<RawAnswer> refresh(Secret token, ClientSecretChoice secret) {
            presented.add(token.reveal());
            return Future.succeededFuture(answer(presented.size()));
          }

          @Override
          public void close() {}
        });
  }

  private RawAnswer answer(int number) {
    String code = error;
    Map<String, Object> json =
        code == null
            ? Map.of(
                "access_token",
                "canary-at-" + number,
                "refresh_token",
                "canary-rt-" + number,
                "token_type",
                tokenType,
                "expires_in",
                3600)
            : Map.of("error", code);
    return new RawAnswer(
        code == null ? 200 : 400,
        Map.of(),
        Secret.of(new JsonObject(json).encode()),
        RawAnswer.End.WHOLE);
  }

  @Override
  public ProviderAnswer read(RawAnswer answer, Platform platform) {
    return new ProviderAnswer(
        answer.status(), new JsonObject(answer.body().reveal()).getMap(), null, answer.body());
  }

  @Override
  public Future<Void> revoke(
      Platform platform, @Nullable Proxy proxy, Secret refreshToken, ClientSecretChoice secret) {
    revoked.add(refreshToken.reveal());
    return Future.succeededFuture();
  }
}
