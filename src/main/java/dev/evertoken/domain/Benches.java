package dev.evertoken.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The benches of one account, at most one of each cause; some may have ended. */
public record Benches(List<Bench> all) {

  public static final Benches NONE = new Benches(List.of());

  public Benches {
    all = List.copyOf(all);
  }

  public List<Bench> activeAt(Instant now) {
    if (all.isEmpty()) {
      return all;
    }
    return all.stream().filter(bench -> bench.activeAt(now)).toList();
  }

  /** The active bench that ends last. */
  public Optional<Bench> latest(Instant now) {
    return activeAt(now).stream().max(Comparator.comparing(Bench::until));
  }

  /** The active bench that ends last among those that withhold even a valid token. */
  public Optional<Bench> withholding(Instant now) {
    if (all.isEmpty()) {
      return Optional.empty();
    }
    return activeAt(now).stream()
        .filter(bench -> !bench.cause().servesValidTokens())
        .max(Comparator.comparing(Bench::until));
  }

  public Optional<Bench> active(BenchCause cause, Instant now) {
    if (all.isEmpty()) {
      return Optional.empty();
    }
    return all.stream().filter(b -> b.cause() == cause && b.activeAt(now)).findFirst();
  }
}
