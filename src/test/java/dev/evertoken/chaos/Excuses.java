package dev.evertoken.chaos;

import dev.evertoken.adapter.journal.EscrowListing;
import dev.evertoken.dev.Presentation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Why an answer of the provider may never have come to rest: what was done, by the run itself, to
 * the way from the provider's decision to the disk of the node that asked. Nothing else excuses a
 * rotation that was lost. Safe for use by several threads.
 */
final class Excuses {

  static final int EVERY_NODE = -1;

  /** A frozen node reads what its sockets hold: only the end of the token in use excuses others. */
  static final String FROZEN = "the node was frozen";

  /** The claim lapsed before the node that has the answer on its disk was back. */
  private static final String KEPT_ELSEWHERE = "in the escrow of a node that was down";

  /**
   * How long before it an answer may have left that was struck on its way: longer than any delay.
   */
  private static final Duration REACH = Duration.ofSeconds(8);

  /** Between the end of a node and what it had sent before. */
  private static final Duration SLACK = Duration.ofMillis(500);

  /** A time in which answers to a node, to a grant or to all could not come through. */
  static final class Window {
    private final String why;
    private final int node;
    private final String family;
    private final Instant from = Instant.now();
    private volatile Instant to = Instant.MAX;

    private Window(String why, int node, String family) {
      this.why = why;
      this.node = node;
      this.family = family;
    }

    void close() {
      to = Instant.now();
    }

    private boolean covers(Presentation presentation, int presenter) {
      return (node == EVERY_NODE || node == presenter)
          && (family.isEmpty() || family.equals(presentation.family()))
          && !presentation.at().isBefore(from.minus(REACH))
          && !presentation.at().minus(SLACK).isAfter(to);
    }
  }

  /** A node's end, with what its disk held then. */
  static final class Death {
    private final int node;
    private final List<EscrowListing.Item> kept;
    private volatile Instant ready = Instant.MAX;

    private Death(int node, List<EscrowListing.Item> kept) {
      this.node = node;
      this.kept = kept;
    }

    /** Whether some of it is still on that disk. */
    boolean leaves(List<EscrowListing.Item> now) {
      return kept.stream().anyMatch(now::contains);
    }

    /** It serves again, so what its disk held has been delivered. */
    void over() {
      ready = Instant.now();
    }

    /** Whether an answer on the disk is that to the presentation of that time. */
    private boolean held(int presenter, long account, Instant at, List<Instant> others) {
      return presenter == node
          && kept.stream()
              .filter(item -> item.account() == account)
              .map(EscrowListing.Item::requestedAt)
              .filter(asked -> apart(asked, at).compareTo(Nodes.EXCHANGE) < 0)
              .anyMatch(
                  asked ->
                      others.stream()
                          .allMatch(other -> apart(asked, at).compareTo(apart(asked, other)) <= 0));
    }

    private static Duration apart(Instant one, Instant other) {
      return Duration.between(one, other).abs();
    }
  }

  private final List<Window> windows = new CopyOnWriteArrayList<>();
  private final List<Death> deaths = new CopyOnWriteArrayList<>();

  Window open(String why, int node) {
    return open(new Window(why, node, ""));
  }

  /** Answers to that grant alone are lost. */
  Window open(String why, String family) {
    return open(new Window(why, EVERY_NODE, family));
  }

  private Window open(Window window) {
    windows.add(window);
    return window;
  }

  /** To be told between the end of a node and its next start. */
  Death died(int node, List<EscrowListing.Item> kept) {
    Death death = new Death(node, kept);
    deaths.add(death);
    return death;
  }

  /** What a node's disk holds now. */
  static List<EscrowListing.Item> disk(Nodes nodes, int number) {
    try {
      return EscrowListing.pending(nodes.data(number));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * Why the answer to a presentation may be missing when its refresh token is presented again;
   * empty: it must not be.
   *
   * @param others when that node presented tokens of that grant
   */
  Optional<String> lost(
      Presentation spent, int presenter, long account, List<Instant> others, Instant again) {
    Optional<Death> kept =
        deaths.stream()
            .filter(death -> death.held(presenter, account, spent.at(), others))
            .findFirst();
    if (kept.isPresent()) {
      return again.isBefore(kept.get().ready) ? Optional.of(KEPT_ELSEWHERE) : Optional.empty();
    }
    return window(spent, presenter);
  }

  /** What was wrong between a node and the provider while an answer was under way. */
  Optional<String> window(Presentation presentation, int presenter) {
    return windows.stream()
        .filter(window -> window.covers(presentation, presenter))
        .map(window -> window.why)
        .findFirst();
  }
}
