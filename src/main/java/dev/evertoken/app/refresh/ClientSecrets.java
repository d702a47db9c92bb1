package dev.evertoken.app.refresh;

import dev.evertoken.domain.Platform;
import dev.evertoken.port.OAuthProvider.ClientSecretChoice;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which of a platform's client secrets worked last on this node. Safe for any thread. */
public final class ClientSecrets {

  private final Map<String, Integer> worked = new ConcurrentHashMap<>();

  /** The secret to try first. */
  public ClientSecretChoice first(Platform platform) {
    return new ClientSecretChoice(worked.getOrDefault(platform.name(), 0));
  }

  /** The one to try after it; the last is followed by the first. */
  static ClientSecretChoice after(ClientSecretChoice tried, Platform platform) {
    int secrets = Math.max(1, platform.clientSecrets().size());
    return new ClientSecretChoice((tried.index() + 1) % secrets);
  }

  void worked(Platform platform, ClientSecretChoice secret) {
    worked.put(platform.name(), secret.index());
  }
}
