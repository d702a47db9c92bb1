package dev.evertoken.boot;

import dev.evertoken.app.CallerAuthentication;
import dev.evertoken.boot.settings.Settings;
import dev.evertoken.bus.BusCallers;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.KeyRefusal;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Secret;
import io.vertx.core.Future;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who may ask over the event bus. */
final class BusAccess {

  private static final String BEARER = "bearer ";

  private BusAccess() {}

  static BusCallers of(Settings settings, CallerAuthentication callers, String node) {
    return settings.busRequireKey()
        ? BusCallers.withKey(header -> caller(callers, header))
        : BusCallers.trusting(node);
  }

  /** Tokens do not cross a bus that others on the network can read. */
  static boolean thisNodeOnly(Settings.Cluster cluster) {
    return cluster.enabled() && cluster.tls() == null && !cluster.onLoopback();
  }

  private static Future<Caller> caller(CallerAuthentication callers, @Nullable String header) {
    if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      callers.refused(header == null ? KeyRefusal.MISSING : KeyRefusal.MALFORMED);
      return Future.failedFuture(
          Problem.of(ProblemCode.UNAUTHENTICATED, "An API key is needed in authorization.")
              .exception());
    }
    return callers.authenticate(Secret.of(header.substring(BEARER.length()).strip()));
  }
}
