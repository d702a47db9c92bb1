package dev.evertoken.port;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts over all live accounts, for the metrics: one query, asked for now and then only. */
public interface FleetCounts {

  Future<Counts> counts();

  /** The counts of one moment; {@code usableByPool} names every pool, a platform's own too. */
  record Counts(List<OfPlatform> platforms, Map<String, Long> usableByPool) {

    public static final Counts NONE = new Counts(List.of(), Map.of());

    public Counts {
      platforms = List.copyOf(platforms);
      usableByPool = Map.copyOf(usableByPool);
    }
  }

  /**
   * The accounts of one platform.
   *
   * @param byState how many are {@code usable}, {@code benched}, {@code suspended}, {@code paused},
   *     {@code error} or {@code disabled}: each account is in one, the gravest
   * @param oldestDue since when the background refresh of an active account has been due, or null
   * @param nearestExpiry when the first token of an active account ends, or null
   * @param ending how many have a refresh token that ends by itself within {@code 1d} and {@code
   *     7d}
   */
  record OfPlatform(
      String platform,
      Map<String, Long> byState,
      @Nullable Instant oldestDue,
      @Nullable Instant nearestExpiry,
      Map<String, Long> ending) {

    public OfPlatform {
      byState = Map.copyOf(byState);
      ending = Map.copyOf(ending);
    }
  }
}
