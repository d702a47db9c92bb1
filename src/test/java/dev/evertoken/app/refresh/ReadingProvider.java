package dev.evertoken.app.refresh;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProviderAnswer;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.OAuthProvider;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A provider that reads JSON and is never called. */
final class ReadingProvider implements OAuthProvider {

  @Override
  public Future<Connection> connect(Platform platform, @Nullable Proxy proxy) {
    throw new AssertionError("connects");
  }

  @Override
  public ProviderAnswer read(RawAnswer answer, Platform platform) {
    return new ProviderAnswer(answer.status(), json(answer.body().reveal()), null, answer.body());
  }

  private static @Nullable Map<String, Object> json(String body) {
    try {
      return new JsonObject(body).getMap();
    } catch (DecodeException e) {
      return null;
    }
  }

  @Override
  public Future<Void> revoke(
      Platform platform, @Nullable Proxy proxy, Secret refreshToken, ClientSecretChoice secret) {
    throw new AssertionError("revokes");
  }
}
