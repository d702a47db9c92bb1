package dev.evertoken.app;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.Trigger;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.Audit;
import dev.evertoken.port.BenchStore;
import dev.evertoken.port.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sets and ends benches by hand. */
public final class BenchAdmin {

  private final BenchStore benches;
  private final VisibleAccounts visible;
  private final Announcements announcements;
  private final Audit audit;
  private final Time time;

  BenchAdmin(
      BenchStore benches,
      VisibleAccounts visible,
      Announcements announcements,
      Audit audit,
      Time time) {
    this.benches = benches;
    this.visible = visible;
    this.announcements = announcements;
    this.audit = audit;
    this.time = time;
  }

  /** Benches the account by hand for that long; a bench that ends later stays as it is (law 8). */
  public Future<Account> set(Caller caller, long id, Duration length, String reason) {
    return visible
        .find(caller, id)
        .compose(account -> benches.set(id, byHand(length, reason), time.instant()))
        .onSuccess(after -> after.ifPresent(row -> tellSet(caller, row, reason)))
        .compose(after -> orAsItIs(caller, id, after));
  }

  /** Ends the bench of that cause, or all of them. */
  public Future<Account> clear(Caller caller, long id, @Nullable BenchCause cause) {
    Set<BenchCause> causes = cause == null ? EnumSet.allOf(BenchCause.class) : EnumSet.of(cause);
    return visible
        .find(caller, id)
        .compose(account -> benches.clear(id, causes))
        .onSuccess(after -> after.ifPresent(row -> tellCleared(caller, row, cause)))
        .compose(after -> orAsItIs(caller, id, after));
  }

  private Bench byHand(Duration length, String reason) {
    Instant now = time.instant();
    return new Bench(BenchCause.MANUAL, now.plus(length), reason, now, Trigger.OPERATOR, null);
  }

  private Future<Account> orAsItIs(Caller caller, long id, Optional<Account> after) {
    return after.map(Future::succeededFuture).orElseGet(() -> visible.find(caller, id));
  }

  private void tellSet(Caller caller, Account after, String reason) {
    announcements.changed(after, Notice.Type.TEMP_UNSCHED_SET, BenchCause.MANUAL, reason);
    audit.changed(
        caller,
        "account.benched",
        after.id(),
        Map.of("cause", WireName.of(BenchCause.MANUAL), "reason", reason));
  }

  private void tellCleared(Caller caller, Account after, @Nullable BenchCause cause) {
    announcements.changed(after, Notice.Type.TEMP_UNSCHED_CLEARED, cause, "by an operator");
    audit.changed(
        caller,
        "account.bench_cleared",
        after.id(),
        Map.of("cause", cause == null ? "all" : WireName.of(cause), "reason", "by an operator"));
  }
}
