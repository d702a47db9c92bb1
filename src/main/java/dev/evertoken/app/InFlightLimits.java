package dev.evertoken.app;

import dev.evertoken.domain.Platform;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * How many due accounts of each platform this node has in hand, and how many more it may take: each
 * platform has places of its own, so that a slow one never keeps another waiting. Safe for any
 * thread.
 */
final class InFlightLimits {

  private final Collection<Platform> platforms;
  private final ToIntFunction<Platform> most;
  private final Map<String, Integer> taken = new HashMap<>();

  /**
   * InFlightLimits for these platforms.
   *
   * @param most how many accounts of a platform may be in hand; may change while they are used
   */
  InFlightLimits(Collection<Platform> platforms, ToIntFunction<Platform> most) {
    this.platforms = platforms;
    this.most = most;
  }

  synchronized void take(String platform) {
    taken.merge(platform, 1, Integer::sum);
  }

  /** Gives one back; true: half of that platform's places are free by now. */
  synchronized boolean giveBack(String platform) {
    taken.computeIfPresent(platform, (name, count) -> count == 1 ? null : count - 1);
    return room().containsKey(platform);
  }

  synchronized boolean isEmpty() {
    return taken.isEmpty();
  }

  /**
   * The places that are free by platform, for those of which half are free: a page is not asked for
   * one account.
   */
  synchronized Map<String, Integer> room() {
    Map<String, Integer> room = new HashMap<>();
    for (Platform platform : platforms) {
      int places = most.applyAsInt(platform);
      int free = places - taken.getOrDefault(platform.name(), 0);
      if (free > 0 && free * 2 >= places) {
        room.put(platform.name(), free);
      }
    }
    return room;
  }
}
