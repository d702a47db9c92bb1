package dev.evertoken.app;

import dev.evertoken.app.route.UpstreamHealth;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Suspension;
import java.util.Comparator;
import java.util.List;

/** The platforms of this node, for operators whose key is not limited to some accounts. */
public final class ProviderAdmin {

  private final Platforms platforms;
  private final UpstreamHealth routes;

  ProviderAdmin(Platforms platforms, UpstreamHealth routes) {
    this.platforms = platforms;
    this.routes = routes;
  }

  /** A platform with the ways to it that are left alone now. */
  public record ProviderView(Platform platform, List<Suspension> closed) {

    public ProviderView {
      closed = List.copyOf(closed);
    }
  }

  /** By name, after the cursor. */
  public List<ProviderView> list(Caller caller, int limit, String afterName) {
    unlimited(caller);
    return platforms.all().stream()
        .filter(platform -> platform.name().compareTo(afterName) > 0)
        .sorted(Comparator.comparing(Platform::name))
        .limit(limit)
        .map(this::view)
        .toList();
  }

  /** The platform; fails with {@code not_found}. */
  public ProviderView find(Caller caller, String name) {
    unlimited(caller);
    return platforms.find(name).map(this::view).orElseThrow(ProviderAdmin::missing);
  }

  private ProviderView view(Platform platform) {
    return new ProviderView(
        platform,
        routes.suspensions().stream()
            .filter(closed -> closed.ofProxy() || platform.name().equals(closed.platform()))
            .toList());
  }

  private static void unlimited(Caller caller) {
    if (caller.limited()) {
      throw Problem.of(
              ProblemCode.FORBIDDEN, "Providers are closed to a key limited to pools and accounts.")
          .exception();
    }
  }

  private static RuntimeException missing() {
    return Problem.of(ProblemCode.NOT_FOUND, "There is no such platform.").exception();
  }
}
