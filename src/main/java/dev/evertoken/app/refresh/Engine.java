package dev.evertoken.app.refresh;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.app.route.ClientBlame;
import dev.evertoken.app.route.PlatformPermits;
import dev.evertoken.app.route.RouteBlame;
import dev.evertoken.app.route.UpstreamHealth;
import dev.evertoken.domain.Platforms;
import dev.evertoken.port.AccountStore;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.FailPoints;
import dev.evertoken.port.Metrics;
import dev.evertoken.port.OAuthProvider;
import dev.evertoken.port.RefreshClaims;
import dev.evertoken.port.Scheduler;
import dev.evertoken.port.Time;
import java.time.Duration;
import java.time.Instant;

/** What refreshes work with. */
public record Engine(
    Platforms platforms,
    Stores stores,
    Upstream upstream,
    Announcements announcements,
    Metrics metrics,
    Clock clock,
    RefreshSettings settings) {

  /** Where refreshes read and write. */
  public record Stores(
      AccountStore accounts,
      RefreshClaims claims,
      Escrow escrow,
      LeftAnswers left,
      FailPoints failPoints) {}

  /** The provider, and who may ask it. */
  public record Upstream(
      OAuthProvider provider,
      UpstreamHealth health,
      RouteBlame blame,
      ClientBlame clients,
      PlatformPermits permits,
      ClientSecrets secrets,
      UnlikeTemplate unlikeTemplate) {}

  /** Time and timers. */
  public record Clock(Time time, Scheduler scheduler) {

    Instant now() {
      return time.instant();
    }

    long nanos() {
      return time.nanos();
    }

    Duration since(long nanos) {
      return Duration.ofNanos(time.nanos() - nanos);
    }
  }

  RefreshClaims claims() {
    return stores.claims();
  }

  Instant now() {
    return clock.now();
  }
}
