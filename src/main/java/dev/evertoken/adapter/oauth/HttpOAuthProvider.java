package dev.evertoken.adapter.oauth;

import dev.evertoken.adapter.oauth.answer.AnswerBody;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProviderAnswer;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.OAuthProvider;
import io.vertx.core.Future;
import java.net.URI;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Token endpoints over HTTP/1.1, each exchange on a connection of its own. */
public final class HttpOAuthProvider implements OAuthProvider {

  private final Egress egress;
  private final InstantSource clock;

  public HttpOAuthProvider(Egress egress, InstantSource clock) {
    this.egress = egress;
    this.clock = clock;
  }

  @Override
  public Future<Connection> connect(Platform platform, @Nullable Proxy proxy) {
    return egress
        .open(platform.refreshUrl(), proxy, Patience.of(platform.refresh()))
        .map(line -> new TokenLine(platform, line));
  }

  @Override
  public ProviderAnswer read(RawAnswer raw, Platform platform) {
    return AnswerBody.read(raw, clock.instant());
  }

  @Override
  public Future<Void> revoke(
      Platform platform, @Nullable Proxy proxy, Secret refreshToken, ClientSecretChoice secret) {
    URI url = platform.revocationUrl();
    if (url == null) {
      return Future.succeededFuture();
    }
    return egress
        .send(
            new TokenForm(platform, secret.index()).revoke(url, refreshToken),
            proxy,
            Patience.of(platform.refresh()))
        .otherwiseEmpty()
        .mapEmpty();
  }

  private static final class TokenLine implements Connection {

    private final Platform platform;
    private final Line line;

    private TokenLine(Platform platform, Line line) {
      this.platform = platform;
      this.line = line;
    }

    @Override
    public Future<RawAnswer> refresh(Secret refreshToken, ClientSecretChoice secret) {
      return line.send(new TokenForm(platform, secret.index()).refresh(refreshToken))
          .map(Answer::raw);
    }

    @Override
    public void close() {
      line.close();
    }
  }
}
