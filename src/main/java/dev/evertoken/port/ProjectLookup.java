package dev.evertoken.port;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.Secret;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The project endpoints of a platform: load, else onboard and poll until done. */
public interface ProjectLookup {

  /**
   * The project id; empty when the platform has none for this account. Fails with {@link
   * LookupFailure} when that could not be found out.
   */
  Future<Optional<String>> find(Platform platform, @Nullable Proxy proxy, Secret accessToken);

  /** No endpoint said whether there is a project. */
  final class LookupFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LookupFailure(String why) {
      super(why, null, false, false);
    }
  }
}
