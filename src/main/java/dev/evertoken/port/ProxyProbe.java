package dev.evertoken.port;

import dev.evertoken.domain.Proxy;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes through a proxy as a refresh would, to see whether it can be used. */
public interface ProxyProbe {

  /**
   * Tries the proxy, once for each target and all at the same time. Always succeeds, within 10
   * seconds.
   *
   * @param inUse where its accounts would go; ignored where a URL for tests is configured
   */
  Future<List<Reached>> test(Proxy proxy, List<URI> inUse);

  /**
   * What came of one target.
   *
   * @param target {@code host:port}
   * @param error why it was not reached, without secrets; null: it was
   * @param exitAddress from where the target saw us, or null where it does not say
   */
  record Reached(
      String target, Duration latency, @Nullable String error, @Nullable String exitAddress) {

    public boolean success() {
      return error == null;
    }
  }
}
