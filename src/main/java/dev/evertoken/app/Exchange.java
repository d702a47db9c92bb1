package dev.evertoken.app;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.Secret;
import dev.evertoken.port.FailPoints.Point;
import dev.evertoken.port.OAuthProvider.ClientSecretChoice;
import dev.evertoken.port.OAuthProvider.Connection;
import io.vertx.core.Future;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The exchange with the provider under one claim: connect first, then a place at the platform, then
 * a last look at the claim, then send.
 */
final class Exchange {

  private final RefreshParts parts;
  private final Platform platform;
  private final @Nullable Proxy proxy;
  private final HeldClaim claim;
  private final Demand demand;
  private Instant requestedAt;
  private int clientSecret;

  Exchange(
      RefreshParts parts,
      Platform platform,
      @Nullable Proxy proxy,
      HeldClaim claim,
      Demand demand) {
    this.parts = parts;
    this.platform = platform;
    this.proxy = proxy;
    this.claim = claim;
    this.demand = demand;
    this.requestedAt = parts.time().instant();
  }

  /**
   * Presents the refresh token once; fails as the port says, or with {@link HeldClaim.Lost} unsent.
   */
  Future<RawAnswer> present(Secret refreshToken) {
    return parts
        .provider()
        .connect(platform, proxy)
        .compose(connection -> inShare(connection, refreshToken));
  }

  /** When the request was begun that was answered last. */
  Instant requestedAt() {
    return requestedAt;
  }

  /** Turns to the platform's next client secret; false: there is none. */
  boolean nextClientSecret() {
    if (clientSecret + 1 >= platform.clientSecrets().size()) {
      return false;
    }
    clientSecret++;
    return true;
  }

  Future<Void> extendClaim() {
    return claim.extend();
  }

  private Future<RawAnswer> inShare(Connection connection, Secret refreshToken) {
    return parts
        .shares()
        .platform(platform, demand, platform.refresh().totalTimeout())
        .compose(permit -> send(connection, refreshToken).onComplete(done -> permit.close()))
        .onFailure(failure -> connection.close());
  }

  private Future<RawAnswer> send(Connection connection, Secret refreshToken) {
    return parts
        .failPoints()
        .reach(Point.BEFORE_SEND)
        .compose(reached -> claim.ensure())
        .compose(ours -> sendNow(connection, refreshToken));
  }

  private Future<RawAnswer> sendNow(Connection connection, Secret refreshToken) {
    requestedAt = parts.time().instant();
    return connection.refresh(refreshToken, new ClientSecretChoice(clientSecret));
  }
}
