package dev.evertoken.domain;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** The platforms this node knows, by name. */
public record Platforms(Map<String, Platform> byName) {

  public Platforms {
    byName = Map.copyOf(byName);
  }

  public Optional<Platform> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public Collection<Platform> all() {
    return byName.values();
  }
}
