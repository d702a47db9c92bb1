package dev.evertoken.app.refresh;

import dev.evertoken.domain.Platform;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which of a platform's client secrets worked last on this node. Safe for any thread. */
public final class ClientSecrets {

  private final Map<String, Integer> worked = new ConcurrentHashMap<>();

  /** The index of the secret to try first. */
  public int first(Platform platform) {
    return worked.getOrDefault(platform.name(), 0);
  }

  void worked(Platform platform, int index) {
    worked.put(platform.name(), index);
  }
}
