package dev.evertoken.bus;

import java.util.LinkedHashMap;
import java.util.Map;

/** The latest ids seen, as many as fit; safe for any thread. */
final class RecentIds {

  private final Map<String, Boolean> ids;

  RecentIds(int most) {
    this.ids =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > most;
          }
        };
  }

  /** False: it was seen before. */
  synchronized boolean add(String id) {
    return ids.put(id, true) == null;
  }
}
