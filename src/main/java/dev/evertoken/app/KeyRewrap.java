package dev.evertoken.app;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.port.Audit;
import dev.evertoken.port.Escrow;
import dev.evertoken.port.Nodes;
import dev.evertoken.port.SealedRows;
import dev.evertoken.port.SealedRows.Resealed;
import dev.evertoken.port.TokenCache;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings what is stored under the primary key, while everybody reads and writes it.
 *
 * <p>What all nodes share goes page by page, for whoever asks for it; each node's escrow is its own
 * affair, done when its keys change.
 */
public final class KeyRewrap {

  private final SealedRows rows;
  private final TokenCache cache;
  private final Escrow escrow;
  private final Nodes nodes;
  private final Audit audit;

  KeyRewrap(SealedRows rows, TokenCache cache, Escrow escrow, Nodes nodes, Audit audit) {
    this.rows = rows;
    this.cache = cache;
    this.escrow = escrow;
    this.nodes = nodes;
    this.audit = audit;
  }

  /**
   * One page.
   *
   * @param rows of PostgreSQL
   * @param cached how many entries of Redis were sealed again or dropped
   * @param next the cursor of the page after it; null: that was the last
   */
  public record Page(String primaryKey, Resealed rows, int cached, @Nullable Long next) {}

  /** What this node seals and opens with, and what each node that lives has said of its own. */
  public record Overview(String primaryKey, List<String> knownKeys, List<Nodes.Keys> nodes) {}

  /** The keys of every node. */
  public Future<Overview> overview(Caller caller) {
    unlimited(caller);
    return nodes.keys().map(keys -> new Overview(rows.primaryKey(), rows.knownKeys(), keys));
  }

  /**
   * The accounts after that id, and with the first page whatever belongs to none. Fails with {@code
   * conflict} while a node still seals with another key, as it would go on to do so behind us.
   *
   * @param after 0: the first page
   */
  public Future<Page> page(Caller caller, long after, int limit) {
    unlimited(caller);
    return agreed()
        .compose(all -> after == 0 ? shared(caller) : Future.succeededFuture(Resealed.NONE))
        .compose(shared -> accounts(shared, after, limit));
  }

  /** This node's own part: its escrow, and word of its keys to the others. */
  public Future<Void> own() {
    String primary = rows.primaryKey();
    List<String> known = rows.knownKeys();
    return escrow.reseal().compose(left -> nodes.sealsWith(primary, known, left));
  }

  private Future<Void> agreed() {
    String primary = rows.primaryKey();
    return nodes.keys().compose(all -> agreed(primary, all));
  }

  private static Future<Void> agreed(String primary, List<Nodes.Keys> all) {
    List<String> others =
        all.stream()
            .filter(keys -> !primary.equals(keys.primaryKey()))
            .map(Nodes.Keys::node)
            .toList();
    return others.isEmpty()
        ? Future.succeededFuture()
        : Future.failedFuture(
            Problem.of(
                    ProblemCode.CONFLICT,
                    "Nodes seal with another key: "
                        + String.join(", ", others)
                        + ". Each notices a changed keyset file within seconds.")
                .withRetryAfter(Duration.ofSeconds(1))
                .exception());
  }

  private Future<Resealed> shared(Caller caller) {
    return rows.resealShared()
        .onSuccess(
            done ->
                audit.changed(caller, "keyset.rewrapped", null, Map.of("key", rows.primaryKey())));
  }

  private Future<Page> accounts(Resealed shared, long after, int limit) {
    return rows.resealAccounts(after, limit)
        .compose(
            page -> cache.reseal(page.accounts()).map(cached -> page(page, shared, cached, limit)));
  }

  private Page page(SealedRows.Page page, Resealed shared, int cached, int limit) {
    List<Long> accounts = page.accounts();
    Long next = accounts.size() < limit ? null : accounts.getLast();
    return new Page(rows.primaryKey(), shared.and(page.resealed()), cached, next);
  }

  private static void unlimited(Caller caller) {
    if (caller.limited()) {
      throw Problem.of(
              ProblemCode.FORBIDDEN, "The keyset is closed to a key limited to pools and accounts.")
          .exception();
    }
  }
}
