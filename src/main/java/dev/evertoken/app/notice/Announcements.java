package dev.evertoken.app.notice;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Suspension;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.Audit;
import dev.evertoken.port.EventLog;
import dev.evertoken.port.Notices;
import dev.evertoken.port.Time;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of every change that was stored: this node's copies and view at once, Redis, and the other
 * nodes by notice. Whoever changes an account calls it once with the row as it is afterwards.
 */
public final class Announcements {

  private final Copies copies;
  private final Notices notices;
  private final EventLog events;
  private final Audit audit;
  private final Time time;
  private final String node;
  private final Caller thisNode;
  private final List<Consumer<Account>> watchers = new CopyOnWriteArrayList<>();
  private final List<LongConsumer> mourners = new CopyOnWriteArrayList<>();

  public Announcements(
      Copies copies, Notices notices, EventLog events, Audit audit, Time time, String node) {
    this.copies = copies;
    this.notices = notices;
    this.events = events;
    this.audit = audit;
    this.time = time;
    this.node = node;
    this.thisNode = Caller.trusted("node:" + node);
  }

  /**
   * This node changed the account by itself, on nobody's order: told as any change, and audited.
   *
   * @param action for the audit, such as {@code account.refreshed}
   * @param facts for the audit, with the reason
   */
  public void changedHere(
      Account after,
      Notice.Type type,
      @Nullable BenchCause cause,
      String reason,
      String action,
      Map<String, String> facts) {
    changed(after, type, cause, reason);
    Map<String, String> all = new HashMap<>(facts);
    all.put("reason", reason);
    audit.changed(thisNode, action, after.id(), all);
  }

  /** The account changed; the row is the one after it. */
  public void changed(
      Account after, Notice.Type type, @Nullable BenchCause cause, @Nullable String reason) {
    seen(after);
    Instant until =
        cause == null
            ? null
            : after.benches().active(cause, time.instant()).map(b -> b.until()).orElse(null);
    tell(
        pools(after),
        notice(
            type,
            after.id(),
            after.platform(),
            null,
            after.generation(),
            after.revision(),
            until,
            cause,
            reason));
  }

  /** The account was deleted; the row is its last. */
  public void deleted(Account last) {
    copies.forget(last);
    mourners.forEach(mourner -> mourner.accept(last.id()));
    tell(
        pools(last),
        notice(
            Notice.Type.DELETED,
            last.id(),
            last.platform(),
            null,
            last.generation(),
            last.revision(),
            null,
            null,
            null));
  }

  /** Somebody set how a pool is picked from. */
  public void pool(String name) {
    notices.publish(
        new Notice(
            UUID.randomUUID().toString(),
            Notice.Type.CHANGED,
            null,
            null,
            null,
            null,
            name,
            null,
            null,
            null,
            null,
            null,
            node,
            time.instant()));
  }

  /** A proxy, route or platform went down or came back. */
  public void route(Suspension suspension, boolean down) {
    boolean proxy = suspension.ofProxy();
    Notice.Type type =
        proxy
            ? (down ? Notice.Type.PROXY_DOWN : Notice.Type.PROXY_UP)
            : (down ? Notice.Type.PROVIDER_DOWN : Notice.Type.PROVIDER_UP);
    tell(
        Set.of(),
        notice(
            type,
            null,
            suspension.platform(),
            suspension.proxyId(),
            null,
            null,
            down ? suspension.probeAt() : null,
            null,
            suspension.reason()));
    audit.changed(
        thisNode,
        down ? "route.suspended" : "route.restored",
        null,
        Map.of(
            "kind",
            WireName.of(suspension.kind()),
            "platform",
            suspension.platform() == null ? "" : suspension.platform(),
            "proxy",
            suspension.proxyId() == null ? "" : suspension.proxyId().toString(),
            "reason",
            suspension.reason()));
  }

  /** What a provider does differs from its template in that way. */
  public void unlikeTemplate(String platform, String kind) {
    tell(
        Set.of(),
        notice(
            Notice.Type.PROVIDER_UNLIKE_TEMPLATE,
            null,
            platform,
            null,
            null,
            null,
            null,
            null,
            kind));
    audit.changed(
        thisNode,
        "provider.unlike_template",
        null,
        Map.of("platform", platform, "kind", kind, "reason", "the answer differs: " + kind));
  }

  /** The refresh token of the account ends by itself soon; the row says when. */
  public void reauthorizationDue(Account account) {
    Instant end = account.credentials().refresh().endsAt();
    String reason = "the refresh token ends at " + end;
    tell(
        pools(account),
        notice(
            Notice.Type.REAUTHORIZATION_DUE,
            account.id(),
            account.platform(),
            null,
            account.generation(),
            account.revision(),
            end,
            null,
            reason));
    audit.changed(thisNode, "account.reauthorization_due", account.id(), Map.of("reason", reason));
  }

  /** An API key was deleted; no node may trust it any longer. */
  public void keyDeleted(long key) {
    notices.publish(
        new Notice(
            UUID.randomUUID().toString(),
            Notice.Type.KEY_DELETED,
            null,
            null,
            null,
            key,
            null,
            null,
            null,
            null,
            null,
            null,
            node,
            time.instant()));
  }

  /**
   * A row newer than what this node knew: its copies and views take it over, and nobody else is
   * told.
   */
  public void seen(Account row) {
    copies.keepWritten(row);
    watchers.forEach(watcher -> watcher.accept(row));
  }

  /** A row that another node may have written: newer copies are asked for, views take it over. */
  public void heardOf(Account row) {
    copies.heardOf(row.id(), row.revision());
    watchers.forEach(watcher -> watcher.accept(row));
  }

  /** The account is gone, as far as a notice tells. */
  public void heardGone(long id) {
    mourners.forEach(mourner -> mourner.accept(id));
  }

  /** The account is gone, as somebody else told. */
  public void seenDeleted(Account last) {
    copies.forget(last);
    mourners.forEach(mourner -> mourner.accept(last.id()));
  }

  /** Calls with every row that changed and every one that was deleted, on the thread that told. */
  public void watch(Consumer<Account> changed, LongConsumer deleted) {
    watchers.add(changed);
    mourners.add(deleted);
  }

  /** What the bus loses, the event log keeps for those who resume. */
  private void tell(Set<String> pools, Notice notice) {
    events.add(notice, pools);
    notices.publish(notice);
  }

  private static Set<String> pools(Account account) {
    Set<String> pools = new HashSet<>(account.pools());
    pools.add(account.platform());
    return pools;
  }

  private Notice notice(
      Notice.Type type,
      @Nullable Long account,
      @Nullable String platform,
      @Nullable Long proxy,
      @Nullable Long generation,
      @Nullable Long revision,
      @Nullable Instant until,
      @Nullable BenchCause cause,
      @Nullable String reason) {
    return new Notice(
        UUID.randomUUID().toString(),
        type,
        account,
        platform,
        proxy,
        null,
        null,
        generation,
        revision,
        until,
        cause,
        reason,
        node,
        time.instant());
  }
}
