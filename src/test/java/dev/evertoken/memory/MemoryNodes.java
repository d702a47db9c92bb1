package dev.evertoken.memory;

import dev.evertoken.port.Nodes;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The nodes that live: those whose latest {@link #beat} is not long ago. */
public final class MemoryNodes implements Nodes {

  private static final Duration SILENCE = Duration.ofSeconds(7);

  /** The beats of all nodes of a cluster. */
  public static final class Beats {
    private final Map<String, Instant> latest = new TreeMap<>();
    private final Map<String, Keys> keys = new TreeMap<>();
  }

  private final Beats beats;
  private final String id;
  private final Time time;

  public MemoryNodes(Beats beats, String id, Time time) {
    this.beats = beats;
    this.id = id;
    this.time = time;
  }

  /** Says that this node lives; to be repeated every two seconds. */
  public void beat() {
    beats.latest.put(id, time.instant());
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Set<String> others() {
    Instant silent = time.instant().minus(SILENCE);
    return beats.latest.entrySet().stream()
        .filter(beat -> !beat.getKey().equals(id) && beat.getValue().isAfter(silent))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Future<Void> known() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> sealsWith(String primaryKey, List<String> knownKeys, int escrowLeft) {
    beats.keys.put(id, new Keys(id, primaryKey, knownKeys, escrowLeft));
    return Future.succeededFuture();
  }

  @Override
  public Future<List<Keys>> keys() {
    return Future.succeededFuture(List.copyOf(beats.keys.values()));
  }
}
