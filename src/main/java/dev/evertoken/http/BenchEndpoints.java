package dev.evertoken.http;

import dev.evertoken.app.BenchAdmin;
import dev.evertoken.app.VisibleAccounts;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Scope;
import dev.evertoken.port.Time;
import dev.evertoken.wire.BenchJson;
import dev.evertoken.wire.RequestFields;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** Benches by hand: {@code /v1/accounts/{id}/temp-unschedulable}. */
final class BenchEndpoints {

  private static final String PATH = "/v1/accounts/{id}/temp-unschedulable";
  private static final long LONGEST_SECONDS = Duration.ofDays(365).toSeconds();
  private static final int LONGEST_REASON = 500;

  private final VisibleAccounts visible;
  private final BenchAdmin benches;
  private final Time time;

  BenchEndpoints(VisibleAccounts visible, BenchAdmin benches, Time time) {
    this.visible = visible;
    this.benches = benches;
    this.time = time;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get(PATH, Scope.ACCOUNTS_READ, this::show),
        Endpoint.put(PATH, Scope.ACCOUNTS_WRITE, this::set),
        Endpoint.delete(PATH, Scope.ACCOUNTS_WRITE, this::clear));
  }

  private Future<Reply> show(Call call) {
    return visible.find(call.withoutQuery().caller(), call.id()).map(this::shown);
  }

  private Future<Reply> set(Call call) {
    RequestFields fields = call.withoutQuery().fields();
    Long seconds = fields.whole("seconds", 1, LONGEST_SECONDS);
    if (seconds == null && fields.any("seconds") == null) {
      fields.malformed("seconds", "is required");
    }
    String reason = PlainText.of(fields, "reason", LONGEST_REASON);
    fields.end();
    return benches
        .set(
            call.caller(),
            call.id(),
            Duration.ofSeconds(seconds == null ? 0 : seconds),
            reason == null ? "set by an operator" : reason)
        .map(this::shown);
  }

  private Future<Reply> clear(Call call) {
    RequestFields query = call.query();
    BenchCause cause = query.oneOf("cause", BenchCause.class);
    query.end();
    return benches.clear(call.caller(), call.id(), cause).map(this::shown);
  }

  private Reply shown(Account account) {
    return Reply.json(BenchJson.of(account.benches(), time.instant()));
  }
}
