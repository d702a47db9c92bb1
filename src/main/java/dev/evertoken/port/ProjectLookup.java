package dev.evertoken.port;

import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.Secret;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The project endpoints of a platform: load, else onboard and poll until done. */
public interface ProjectLookup {

  /** The project id; empty when the platform has none for this account. */
  Future<Optional<String>> find(Platform platform, @Nullable Proxy proxy, Secret accessToken);
}
