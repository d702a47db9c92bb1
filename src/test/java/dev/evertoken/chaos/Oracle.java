package dev.evertoken.chaos;

import dev.evertoken.dev.Ledger;
import dev.evertoken.dev.Presentation;
import dev.evertoken.dev.Presentation.Outcome;
import dev.evertoken.scenario.Answer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Holds what the service does against the ledger of the provider. Safe for use by several threads.
 */
final class Oracle {

  /** An exchange that had begun before a new grant was stored may still be sent. */
  private static final Duration BEGUN_BEFORE = Duration.ofSeconds(10);

  private record Seen(Presentation presentation, int presenter) {}

  private final Nodes nodes;
  private final Accounts accounts;
  private final Excuses excuses;
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger checked = new AtomicInteger();
  private final Map<String, List<Seen>> all = new HashMap<>();
  private final Map<String, Seen> spent = new HashMap<>();

  /** Where a spent token came again, by family. */
  private final Map<String, Presentation> lost = new HashMap<>();

  private final Map<String, Integer> excused = new TreeMap<>();
  private int rotations;
  private int seen;

  Oracle(Nodes nodes, Accounts accounts, Excuses excuses) {
    this.nodes = nodes;
    this.accounts = accounts;
    this.excuses = excuses;
  }

  /** What nothing excuses. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  void accuse(String what) {
    wrong.add(what);
  }

  /** Refresh tokens spent for a new one. */
  synchronized int rotations() {
    return rotations;
  }

  /** Rotations whose answer was lost, by what had been done to it. */
  synchronized Map<String, Integer> excused() {
    return new TreeMap<>(excused);
  }

  /** Token answers that were checked. */
  int checked() {
    return checked.get();
  }

  /** Judges what has reached the provider since the last look. */
  synchronized void look() {
    List<Presentation> made = nodes.provider().ledger().presentations();
    for (; seen < made.size(); seen++) {
      judge(made.get(seen));
    }
  }

  private void judge(Presentation presentation) {
    int presenter = nodes.presenter(presentation);
    Seen made = new Seen(presentation, presenter);
    all.computeIfAbsent(presentation.family(), f -> new ArrayList<>()).add(made);
    String token = presentation.family() + " " + presentation.token();
    if (presentation.outcome() == Outcome.ROTATED) {
      rotations++;
      spent.put(token, made);
    }
    if (presentation.outcome() == Outcome.REFUSED_UNKNOWN) {
      accuse("node " + presenter + " presented a token that was never issued");
    }
    if (presentation.repeated()) {
      repeated(presentation, Objects.requireNonNull(spent.get(token), "spent, but by nobody"));
    }
    accounts
        .replacement(presentation.family(), presentation.at().minus(BEGUN_BEFORE))
        .ifPresent(later -> accuse("presented a grant that had been replaced: " + presentation));
  }

  /** A refresh token came twice: the answer to the first time must have been lost on its way. */
  private void repeated(Presentation again, Seen first) {
    long account = accounts.owner(again.family());
    List<Instant> others =
        all.getOrDefault(again.family(), List.of()).stream()
            .filter(made -> made.presenter() == first.presenter())
            .map(made -> made.presentation().at())
            .toList();
    Optional<String> why =
        excuses
            .lost(first.presentation(), first.presenter(), account, others, again.at())
            .filter(said -> !said.equals(Excuses.FROZEN) || !hadAToken(first, again));
    if (why.isPresent()) {
      lost.putIfAbsent(again.family(), again);
      excused.merge(why.get(), 1, Integer::sum);
    } else {
      accuse(
          "account %d presented a refresh token twice without reason: first by node %d %s, again %s"
              .formatted(account, first.presenter(), first.presentation(), again));
    }
  }

  /**
   * Whether the account had an access token that was good for longer than its last moments: a tenth
   * of its stored life, which ends a tenth of the real one before its end.
   */
  private boolean hadAToken(Seen first, Presentation again) {
    return nodes.provider().ledger().accessTokens().stream()
        .filter(token -> token.family().equals(again.family()))
        .filter(token -> token.issuedAt().isBefore(first.presentation().at()))
        .filter(token -> token.revokedAt() == null || !token.revokedAt().isBefore(again.at()))
        .anyMatch(
            token -> {
              Duration life = Duration.between(token.issuedAt(), token.expiresAt());
              return again
                  .at()
                  .isBefore(token.expiresAt().minus(life.dividedBy(5)).minusSeconds(1));
            });
  }

  /**
   * Whether an account that is in error may be so: its rotation was lost, and it says so. Where the
   * answer came after all, out of an escrow or of a node that was frozen, but after the spent token
   * had been presented again, the provider's word on what came of it is all that is left.
   */
  synchronized void checkError(JsonObject account) {
    look();
    List<String> gone =
        accounts.given(account.getLong("id")).stream()
            .map(Accounts.Given::family)
            .filter(lost::containsKey)
            .toList();
    String said = String.valueOf(account.getJsonObject("error"));
    boolean says =
        said.contains("rotation was lost")
            || (said.contains("invalid_grant") && gone.stream().anyMatch(this::cameLate));
    if (gone.isEmpty() || !says) {
      accuse("an account ended without a reason that is known: " + account.encode());
    }
  }

  /** The token that a lost answer held was presented after all, and refused. */
  private boolean cameLate(String family) {
    Presentation again = Objects.requireNonNull(lost.get(family));
    return all.getOrDefault(family, List.of()).stream()
        .map(Seen::presentation)
        .anyMatch(
            late ->
                late.token() == again.token() + 1
                    && late.number() > again.number()
                    && late.outcome() == Outcome.REFUSED_REVOKED);
  }

  /**
   * A token that was handed out must be the account's own and must not have been over when it was
   * asked for.
   */
  void checkToken(Answer answer, long account, Instant asked) {
    if (answer.status() != 200) {
      return;
    }
    checked.incrementAndGet();
    Ledger ledger = nodes.provider().ledger();
    String token = answer.token();
    Instant told = Instant.parse(answer.text("expires_at"));
    boolean own =
        accounts.given(account).stream().anyMatch(g -> token.contains("-at-" + g.family() + "-"));
    if (!told.isAfter(asked)) {
      accuse("said itself that the token had expired at " + told + ": " + answer.body());
    }
    if (!own && !newest(account, token)) {
      accuse("another account's token for " + account + ": " + answer.body());
    }
    if (!ledger.isAccessTokenValid(token, asked)
        && !ledger.isAccessTokenValid(token, Instant.now())
        && !revoked(ledger, token)) {
      accuse("asked at " + asked + ", served a token that was not good: " + answer.body());
    }
  }

  /** A grant that is being given is not listed yet. */
  private boolean newest(long account, String token) {
    String family = token.split("-", -1)[2];
    return accounts.owner(family) == account;
  }

  /** That the provider has ended a grant cannot be known before somebody tells. */
  private static boolean revoked(Ledger ledger, String token) {
    return ledger.accessTokens().stream()
        .anyMatch(issued -> issued.value().equals(token) && issued.revokedAt() != null);
  }

  /**
   * Two exchanges of one grant at a time; where an exchange was cut off the provider may learn of
   * it late.
   */
  synchronized void checkSingle() {
    look();
    Ledger ledger = nodes.provider().ledger();
    all.forEach(
        (family, presentations) -> {
          boolean cutOff =
              presentations.stream()
                  .anyMatch(p -> excuses.window(p.presentation(), p.presenter()).isPresent());
          if (ledger.maxInFlight(family) > 1 && !cutOff) {
            accuse("two refreshes at a time of the grant " + family);
          }
        });
  }
}
