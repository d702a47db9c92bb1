package dev.evertoken.memory;

import dev.evertoken.domain.Proxy;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The table of the proxies. */
final class ProxyTable {

  final Map<Long, Proxy> rows = new TreeMap<>();
  private long lastId;

  long newId() {
    return ++lastId;
  }

  /** The proxy that a refresh can go through; null: there is none, or it is switched off. */
  @Nullable Proxy usable(@Nullable Long id) {
    Proxy proxy = id == null ? null : rows.get(id);
    return proxy == null || proxy.disabled() ? null : proxy;
  }
}
