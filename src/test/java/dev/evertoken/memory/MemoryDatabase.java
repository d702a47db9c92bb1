package dev.evertoken.memory;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Suspension;
import dev.evertoken.port.AccountStore.TokenUse;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes of one cluster share: tables in memory, by a clock of their own. Not safe for use
 * by several threads.
 */
public final class MemoryDatabase {

  private record Token(String platform, Secret token) {}

  /** A law that the stores keep and that a test breaks by hand, to see that it is missed. */
  public enum Broken {
    COMMIT_COMPARES_NOTHING,
    TAKES_A_CLAIM_THAT_IS_HELD,
    EXTENDS_A_CLAIM_THAT_IS_LOST,
    PROBES_WITH_THE_SAME_ACCOUNT
  }

  /** All that a backup holds; opaque. */
  public static final class Backup {
    private final Map<Long, AccountRow> accounts = new TreeMap<>();
    private final Map<Token, TokenUse> tokens;
    private final Ways ways;
    private final long xid;

    private Backup(MemoryDatabase database) {
      database.accounts.forEach((id, row) -> accounts.put(id, row.copy()));
      tokens = new HashMap<>(database.tokens);
      ways = database.ways.copy();
      xid = database.xid;
    }
  }

  final Time clock;
  final Map<Long, AccountRow> accounts = new TreeMap<>();
  private final Map<Token, TokenUse> tokens = new HashMap<>();
  Ways ways = new Ways();
  final ProxyTable proxies = new ProxyTable();
  private long lastId;
  private long xid = 100;
  private boolean down;
  private Instant upSince = Instant.MIN;
  private @Nullable Broken broken;
  private BiConsumer<Secret, Secret> watch = (before, after) -> {};

  public MemoryDatabase(Time clock) {
    this.clock = clock;
  }

  /** Is told of the refresh token that a commit replaces, and of the one that follows. */
  public void watch(BiConsumer<Secret, Secret> watcher) {
    watch = watcher;
  }

  void replaced(@Nullable Secret before, Secret after) {
    if (before != null) {
      watch.accept(before, after);
    }
  }

  /** Breaks a law from now on. */
  public void breakByHand(Broken law) {
    broken = law;
  }

  boolean broken(Broken law) {
    return broken == law;
  }

  /** Whether it can be used; while it cannot, everything fails with {@code storage_unavailable}. */
  public void down(boolean away) {
    if (down && !away) {
      upSince = now();
    }
    down = away;
  }

  /** What it holds now. */
  public Backup backup() {
    return new Backup(this);
  }

  /** Goes back to what it held then: a replica that lacks the last commits has taken over. */
  public void restore(Backup backup) {
    accounts.clear();
    backup.accounts.forEach((id, row) -> accounts.put(id, row.copy()));
    tokens.clear();
    tokens.putAll(backup.tokens);
    ways = backup.ways.copy();
    xid = backup.xid;
    upSince = now();
  }

  Instant now() {
    return clock.instant();
  }

  /** Runs a statement; whatever it throws is how it fails. */
  <T> Future<T> run(Supplier<T> statement) {
    if (down) {
      return Future.failedFuture(unavailable());
    }
    try {
      return Future.succeededFuture(statement.get());
    } catch (ProblemException refusal) {
      return Future.failedFuture(refusal);
    }
  }

  /** How a statement fails that could not be run, or whose end is not known. */
  public static ProblemException unavailable() {
    return Problem.of(ProblemCode.STORAGE_UNAVAILABLE, "PostgreSQL cannot be used at the moment.")
        .withRetryAfter(Duration.ofSeconds(2))
        .exception();
  }

  /** Whether it has been usable for that long. */
  boolean steadyFor(Duration time) {
    return upSince.equals(Instant.MIN) || !now().isBefore(upSince.plus(time));
  }

  long newId() {
    return ++lastId;
  }

  long nextXid() {
    return xid + 1;
  }

  /** The live row, if it is there. */
  Optional<AccountRow> live(long id) {
    return Optional.ofNullable(accounts.get(id)).filter(AccountRow::live);
  }

  Optional<AccountRow> live(long id, UUID incarnation) {
    return live(id).filter(row -> row.is(incarnation));
  }

  Stream<AccountRow> live() {
    return accounts.values().stream().filter(AccountRow::live);
  }

  /** The row was changed in a way that a reader could see. */
  Account changed(AccountRow row) {
    row.updatedAt = now();
    return stepped(row);
  }

  /** The same, of what is nobody's business but ours. */
  Account stepped(AccountRow row) {
    row.revision++;
    row.changedXid = ++xid;
    row.forgetView();
    return row.view();
  }

  void added(AccountRow row) {
    row.changedXid = ++xid;
    accounts.put(row.id, row);
  }

  Optional<TokenUse> useOf(String platform, Secret token) {
    return Optional.ofNullable(tokens.get(new Token(platform, token)));
  }

  void hold(AccountRow row, Secret token) {
    tokens.put(new Token(row.platform, token), new TokenUse(row.id, false));
  }

  void spend(AccountRow row, Secret token) {
    tokens.put(new Token(row.platform, token), new TokenUse(row.id, true));
  }

  /** A token that is replaced or deleted counts as spent if it may have been sent. */
  void letGo(AccountRow row, @Nullable Secret token) {
    if (token == null) {
      return;
    }
    if (row.claim != null || row.doubt.unknownSince() != null) {
      spend(row, token);
    } else {
      tokens.remove(new Token(row.platform, token));
    }
  }

  /** The refresh token of a live account, for those who check what became of it. */
  public Optional<Secret> refreshTokenOf(long account) {
    return live(account).map(row -> row.refreshToken);
  }

  /** What is suspended, for those who check it. */
  public List<Suspension> suspensions() {
    return MemoryRoutes.all(this);
  }

  /** The account as its row is now, for those who check it. */
  public Optional<Account> account(long id) {
    return live(id).map(AccountRow::view);
  }

  /** Every live account, for those who check them. */
  public Collection<Account> all() {
    return live().map(AccountRow::view).toList();
  }
}
