package dev.evertoken.dev;

import io.vertx.core.net.KeyCertOptions;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a simulated provider is started.
 *
 * @param port on 127.0.0.1; 0 picks a free one
 * @param prefix what tokens begin with where nothing else is said
 * @param clock the provider's own time
 * @param certificate makes it speak https; null is plain http
 */
public record ProviderOptions(
    int port, String prefix, InstantSource clock, @Nullable KeyCertOptions certificate) {
  /** Plain http on a free port with the system's clock. */
  public static final ProviderOptions DEFAULT =
      new ProviderOptions(0, "sim", InstantSource.system(), null);

  public ProviderOptions {
    Objects.requireNonNull(prefix);
    Objects.requireNonNull(clock);
  }

  public ProviderOptions at(int changed) {
    return new ProviderOptions(changed, prefix, clock, certificate);
  }

  public ProviderOptions prefixed(String changed) {
    return new ProviderOptions(port, changed, clock, certificate);
  }

  public ProviderOptions by(InstantSource changed) {
    return new ProviderOptions(port, prefix, changed, certificate);
  }

  public ProviderOptions tls(KeyCertOptions changed) {
    return new ProviderOptions(port, prefix, clock, changed);
  }
}
