package dev.evertoken.app.refresh;

import dev.evertoken.domain.Judge;
import dev.evertoken.domain.Judgement;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Platforms;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.Rotation;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.OAuthProvider;
import dev.evertoken.port.RefreshClaims.Tokens;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what a crash left in the escrow, before anything else may refresh those accounts.
 *
 * <p>Each answer is read and judged anew, so that one which an older version or template could not
 * read is delivered once they can. What still cannot be read stays.
 */
public final class EscrowReplay {

  private static final Logger LOG = LoggerFactory.getLogger(EscrowReplay.class);
  private static final int ACCOUNTS_AT_ONCE = 8;

  private final Escrow escrow;
  private final OAuthProvider provider;
  private final Target target;
  private final LeftAnswers left;
  private final Platforms platforms;
  private final Time time;

  EscrowReplay(
      Escrow escrow,
      LeftAnswers left,
      OAuthProvider provider,
      Target target,
      Platforms platforms,
      Time time) {
    this.escrow = escrow;
    this.left = left;
    this.provider = provider;
    this.target = target;
    this.platforms = platforms;
    this.time = time;
  }

  /** A replay onto the rows that refreshes write to. */
  public static EscrowReplay of(Engine engine) {
    return new EscrowReplay(
        engine.stores().escrow(),
        engine.stores().left(),
        engine.upstream().provider(),
        new ReplayTarget(engine),
        engine.platforms(),
        engine.clock().time());
  }

  /** Where the answers go. */
  interface Target {

    /**
     * Commits, and ends the escrow record; fails with {@code not_found} when the account is gone.
     * It must not revoke: the account's proxy is not known here.
     */
    Future<Void> commit(Tokens tokens);

    /** Whether that account was deleted here; an account that was never here was not. */
    Future<Boolean> deleted(Escrow.Holder holder);
  }

  /** Delivers this node's own escrow; completes with how many answers were delivered. */
  public Future<Integer> run() {
    return escrow.pending().compose(this::deliver);
  }

  /**
   * Delivers these entries, of this node or of a lost one's disk: those of one account in their
   * order, a few accounts at a time. One that cannot be delivered keeps only the later ones of its
   * account; it fails the whole at the end, for another try.
   *
   * @return how many were delivered
   */
  public Future<Integer> deliver(List<Escrow.Entry> entries) {
    AtomicInteger delivered = new AtomicInteger();
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    Queue<Supplier<Future<Void>>> waiting =
        byAccount(entries).stream()
            .<Supplier<Future<Void>>>map(
                own -> () -> account(own, delivered).onFailure(failures::add).otherwiseEmpty())
            .collect(Collectors.toCollection(ConcurrentLinkedQueue::new));
    return Future.join(
            IntStream.range(0, ACCOUNTS_AT_ONCE).mapToObj(lane -> InTurn.run(waiting)).toList())
        .compose(
            all ->
                failures.isEmpty()
                    ? Future.succeededFuture(delivered.get())
                    : Future.failedFuture(failures.element()));
  }

  private static Collection<List<Escrow.Entry>> byAccount(List<Escrow.Entry> entries) {
    Map<Long, List<Escrow.Entry>> accounts =
        entries.stream()
            .collect(
                Collectors.groupingBy(
                    Escrow.Entry::account, LinkedHashMap::new, Collectors.toList()));
    return accounts.values();
  }

  /** A later answer may follow from an earlier one, which must be on the row before it. */
  private Future<Void> account(List<Escrow.Entry> own, AtomicInteger delivered) {
    return InTurn.run(
        own.stream()
            .<Supplier<Future<Void>>>map(
                entry -> () -> one(entry).onSuccess(done -> count(done, delivered)).mapEmpty())
            .collect(Collectors.toCollection(ArrayDeque::new)));
  }

  private static void count(boolean done, AtomicInteger delivered) {
    if (done) {
      delivered.incrementAndGet();
    }
  }

  private Future<Boolean> one(Escrow.Entry entry) {
    Platform platform = platforms.find(entry.holder().platform()).orElse(null);
    if (platform == null) {
      LOG.atError()
          .addKeyValue("account", entry.account())
          .addKeyValue("platform", entry.holder().platform())
          .log("escrow_platform_unknown");
      return stays(entry);
    }
    return switch (Judge.judge(
        provider.read(entry.answer(), platform), platform, entry.requestedAt())) {
      case Judgement.Tokens tokens ->
          commit(entry, TokenWrites.of(platform, entry, tokens, outcome(entry), time.instant()));
      case Judgement.Successor successor ->
          commit(entry, TokenWrites.of(platform, entry, successor, outcome(entry), time.instant()));
      case Judgement.Unreadable unreadable -> unread(entry, unreadable.why());
      case Judgement.Unknown unknown -> unread(entry, unknown.why());
      case Judgement.Permanent refusal -> goes(entry);
      case Judgement.ProviderConfig refusal -> goes(entry);
      case Judgement.Refused refusal -> goes(entry);
      case Judgement.Throttled refusal -> goes(entry);
      case Judgement.Transient refusal -> goes(entry);
    };
  }

  private Future<Boolean> commit(Escrow.Entry entry, Tokens tokens) {
    return target
        .commit(tokens)
        .map(true)
        .onSuccess(done -> LOG.atInfo().addKeyValue("account", entry.account()).log("replayed"))
        .recover(failure -> gone(entry, failure));
  }

  private Future<Boolean> unread(Escrow.Entry entry, String why) {
    LOG.atWarn()
        .addKeyValue("account", entry.account())
        .addKeyValue("attempt", entry.attempt())
        .addKeyValue("why", why)
        .log("escrow_still_unreadable");
    return stays(entry);
  }

  /** It stays for as long as the account that it belongs to exists. */
  private Future<Boolean> stays(Escrow.Entry entry) {
    return target
        .deleted(entry.holder())
        .otherwise(false)
        .compose(deleted -> deleted ? goes(entry) : left(entry));
  }

  /** In the wrong database every account is missing: only what was deleted may go. */
  private Future<Boolean> unlessElsewhere(Escrow.Entry entry) {
    return target
        .deleted(entry.holder())
        .compose(
            deleted -> {
              if (deleted) {
                return goes(entry);
              }
              LOG.atError()
                  .addKeyValue("account", entry.account())
                  .addKeyValue("platform", entry.holder().platform())
                  .log("escrow_account_unknown");
              return left(entry);
            });
  }

  private Future<Boolean> left(Escrow.Entry entry) {
    Rotation rotation =
        platforms
            .find(entry.holder().platform())
            .map(Platform::rotation)
            .orElseGet(Rotation.Strict::new);
    left.add(entry.attempt(), entry.account(), entry.presented().sequence(), rotation);
    return Future.succeededFuture(false);
  }

  private Future<Boolean> goes(Escrow.Entry entry) {
    return escrow.discard(entry.attempt()).map(false);
  }

  private Future<Boolean> gone(Escrow.Entry entry, Throwable failure) {
    boolean missing =
        failure instanceof ProblemException expected
            && expected.problem().code() == ProblemCode.NOT_FOUND;
    return missing ? unlessElsewhere(entry) : Future.failedFuture(failure);
  }

  private static LastRefresh outcome(Escrow.Entry entry) {
    return new LastRefresh(
        entry.attempt(),
        entry.requestedAt(),
        RefreshClass.SUCCESS,
        entry.trigger(),
        Duration.ZERO,
        null);
  }
}
