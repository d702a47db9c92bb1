package dev.evertoken.sim;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.AccountStatus;
import dev.evertoken.domain.Claim;
import dev.evertoken.domain.Credentials;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.memory.MemoryDatabase;
import dev.evertoken.port.Escrow;
import dev.evertoken.sim.Ledger.Done;
import dev.evertoken.sim.Ledger.Fate;
import dev.evertoken.sim.Ledger.Grant;
import dev.evertoken.sim.Ledger.Presentation;
import dev.evertoken.sim.Ledger.Rule;
import dev.evertoken.sim.Ledger.Token;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holds what the service does against the ledger of the provider, as the chaos run's does. */
final class Oracle {

  /** Longer than a claim that lapsed is left lying. */
  private static final Duration LAPSES_ARE_SETTLED = Duration.ofMinutes(2);

  private final VirtualTime time;
  private final Ledger ledger;
  private final Excuses excuses;
  private final MemoryDatabase database;
  private final Collection<SimNode> nodes;
  private final List<String> wrong = new ArrayList<>();
  private final Map<Long, String> lost = new HashMap<>();
  private int answers;

  Oracle(VirtualTime time, Ledger ledger, MemoryDatabase database, Collection<SimNode> nodes) {
    this.time = time;
    this.ledger = ledger;
    this.excuses = new Excuses(time);
    this.database = database;
    this.nodes = nodes;
  }

  /** What nothing excuses. */
  List<String> wrong() {
    return wrong;
  }

  void accuse(String what) {
    wrong.add(time.instant() + " " + what);
  }

  int answers() {
    return answers;
  }

  /** PostgreSQL or the disks lost what they had confirmed. */
  void wentBack() {
    excuses.wentBack();
  }

  /** The provider has just decided on a request. */
  void presented(Presentation made) {
    for (Presentation other : ledger.presentations()) {
      if (other != made && other.token.grant == made.token.grant) {
        compare(other, made);
      }
    }
  }

  private void compare(Presentation before, Presentation now) {
    boolean together =
        before.fate == Fate.OPEN
            && before.number < now.number
            && excuses.disturbed(before).isEmpty();
    if (together) {
      accuse("two exchanges of one account at a time: " + before + " and " + now);
    }
    if (before.token == now.token && before.done == Done.ROTATED && now.number > before.number) {
      Optional<String> why = excuses.lost(before);
      if (why.isEmpty()) {
        accuse("presented twice without reason: first " + before + ", again " + now);
      } else {
        lost.putIfAbsent(now.token.grant.account, why.get());
      }
    }
  }

  /** Credentials only move forward: what follows a refresh token is the answer to that one. */
  void replaced(Secret before, Secret after) {
    Optional<Token> had = ledger.find(before);
    Optional<Token> next = ledger.find(after);
    boolean follows =
        had.isPresent()
            && next.isPresent()
            && next.get().parent != null
            && (next.get().parent == had.get() || sibling(had.get(), next.get()));
    if (!follows) {
      accuse("%s was replaced by %s, which is no answer to it".formatted(had, next));
    }
  }

  /** Where one of two successors is refused, the other may be the one that counts. */
  private boolean sibling(Token refused, Token other) {
    return refused.parent == other.parent
        && ledger.presentations().stream()
            .anyMatch(
                made ->
                    made.token == refused
                        && (made.done == Done.REFUSED
                            || made.fault == Weather.Kind.FALSE_INVALID_GRANT));
  }

  /** A token that was handed out is the account's own and is not over. */
  void answered(TokenAnswer answer) {
    answers++;
    Instant now = time.instant();
    long account = answer.account().id();
    Optional<Ledger.Access> known = ledger.findAccess(answer.accessToken());
    if (known.isEmpty()) {
      accuse("an answer for account " + account + " holds a token that nobody issued");
      return;
    }
    if (known.get().grant().account != account) {
      accuse("an answer for account " + account + " holds " + known.get().value());
    }
    // A node looks at whole milliseconds.
    Instant shown = now.truncatedTo(ChronoUnit.MILLIS);
    if (!now.isBefore(known.get().expiresAt())
        || (answer.expiresAt() != null && !shown.isBefore(answer.expiresAt()))) {
      accuse("an expired token was answered for account " + account + ": " + answer.expiresAt());
    }
  }

  /** Whether the account is as it should be once everything works: it has refreshed since. */
  boolean recovered(long id, Instant healedAt) {
    Optional<Account> account = database.account(id);
    if (account.isEmpty()) {
      return false;
    }
    Credentials now = account.get().credentials();
    return account.get().status() == AccountStatus.ACTIVE
        && now.unknownSince() == null
        && now.validAt(time.instant())
        && account.get().lastRefresh() != null
        && account.get().lastRefresh().succeeded()
        && account.get().lastRefresh().at().isAfter(healedAt);
  }

  /** Only what may have been spent, or leads where answers cannot be read, waits longer. */
  void shouldHaveRecovered(long id) {
    Account account = account(id).orElse(null);
    if (account != null
        && account.credentials().unknownSince() == null
        && database.suspensions().stream()
            .noneMatch(s -> s.kind() == Suspension.Kind.UNREADABLE && s.covers(account.route()))) {
      accuse("is held up though all works: " + describe(account) + database.suspensions());
    }
  }

  /** Whether it has ended in a state that a person must end, for a reason that the ledger knows. */
  boolean endedWithReason(long id) {
    return account(id).filter(this::over).isPresent() && reason(id).isPresent();
  }

  private Optional<Account> account(long id) {
    return database.account(id);
  }

  private boolean over(Account account) {
    return account.status() == AccountStatus.ERROR
        || account.credentials().refresh().doubt().unreadableSince() != null;
  }

  /** Why an account may have come to its end; empty: it must live. */
  private Optional<String> reason(long id) {
    Grant grant = ledger.grant(id);
    if (grant.misjudged != null) {
      return Optional.of(grant.misjudged);
    }
    if (lost.containsKey(id)) {
      return Optional.of(lost.get(id));
    }
    return ledger.presentations().stream()
        .filter(made -> made.token.grant == grant && made.done == Done.ROTATED)
        .filter(made -> missing(made) && kept(made).isEmpty())
        .findFirst()
        .flatMap(this::lostOrUnreadable);
  }

  private Optional<String> lostOrUnreadable(Presentation made) {
    return made.fault == Weather.Kind.UNREADABLE || made.fault == Weather.Kind.CUT
        ? Optional.of("its answer could not be read")
        : excuses.lost(made);
  }

  /** Whether the successor is neither in the row nor spent. */
  private boolean missing(Presentation made) {
    Token next = made.next;
    Secret row = database.refreshTokenOf(made.token.grant.account).orElse(null);
    return next != null && next.spentAt == null && !next.value.equals(row);
  }

  private Optional<Escrow.Entry> kept(Presentation made) {
    return nodes.stream()
        .flatMap(node -> node.disk.pending().stream())
        .filter(entry -> entry.presented().token().equals(made.token.value))
        .filter(entry -> made.fault != Weather.Kind.UNREADABLE && made.fault != Weather.Kind.CUT)
        .findFirst();
  }

  /** Whether nothing of it is under way. */
  boolean quiet(long id) {
    Grant grant = ledger.grant(id);
    return account(id).filter(row -> row.credentials().claim() == null).isPresent()
        && ledger.presentations().stream()
            .noneMatch(made -> made.token.grant == grant && made.fate == Fate.OPEN);
  }

  /** Judges an account after everything has worked for long enough. */
  void atTheEnd(long id, Instant healedAt, boolean ill) {
    Account account = account(id).orElse(null);
    if (account == null) {
      accuse("account " + id + " is gone");
      return;
    }
    if (abandoned(account.credentials().claim())) {
      accuse("a claim was left: " + describe(account));
    }
    if (ill || recovered(id, healedAt)) {
      rotationKept(id);
      return;
    }
    if (!over(account)) {
      accuse("did not recover: " + describe(account));
    } else if (reason(id).isEmpty()) {
      accuse("ended without a reason that is known: " + describe(account));
    }
  }

  private boolean abandoned(@Nullable Claim claim) {
    return claim != null && claim.until().plus(LAPSES_ARE_SETTLED).isBefore(time.instant());
  }

  /** What nobody can read yet is kept until somebody can. */
  void unreadableKept(long id) {
    Grant grant = ledger.grant(id);
    ledger.presentations().stream()
        .filter(made -> made.token.grant == grant && made.fate == Fate.DELIVERED)
        .filter(made -> made.fault == Weather.Kind.UNREADABLE && made.done == Done.ROTATED)
        .filter(made -> made.next != null && made.next.spentAt == null)
        .filter(made -> excuses.nothingSince(made) && !Excuses.onDisk(made))
        .forEach(made -> accuse("an unreadable answer was not kept: " + made));
  }

  /** A record goes when its answer was committed or superseded. */
  void escrowsAreTidy() {
    for (SimNode node : nodes) {
      node.disk.pending().stream()
          .filter(entry -> readable(entry) && superseded(entry))
          .forEach(
              entry ->
                  accuse(
                      "a record was left in the escrow of %s: %s"
                          .formatted(node.name, presentation(entry))));
    }
  }

  private boolean superseded(Escrow.Entry entry) {
    return account(entry.account())
        .filter(row -> row.credentials().refreshTokenSequence() > entry.presented().sequence() + 1)
        .isPresent();
  }

  /** One of two successors of the same token may stay, as nobody knows which one counts. */
  private boolean readable(Escrow.Entry entry) {
    return presentation(entry)
        .filter(made -> made.fault == null && made.token.children.size() == 1)
        .isPresent();
  }

  private Optional<Presentation> presentation(Escrow.Entry entry) {
    return ledger.presentations().stream()
        .filter(made -> made.token.value.equals(entry.presented().token()))
        .filter(made -> made.fate == Fate.DELIVERED)
        .findFirst();
  }

  /** No live successor was dropped: the row's token is one that the provider takes. */
  private void rotationKept(long id) {
    Grant grant = ledger.grant(id);
    @Nullable Secret row = database.refreshTokenOf(id).orElse(null);
    Token token = row == null ? null : ledger.find(row).orElse(null);
    boolean good = token != null && ledger.accepts(token, time.instant());
    if (!good && grant.rule != Rule.NONE && reason(id).isEmpty()) {
      accuse("the live refresh token of account " + id + " was lost; the row has " + token);
    }
  }

  private static String describe(Account account) {
    return "account %d %s %s, revision %d, %s, benches %s, last %s"
        .formatted(
            account.id(),
            account.status(),
            account.error(),
            account.revision(),
            account.credentials(),
            account.benches().all(),
            account.lastRefresh());
  }
}
