package dev.evertoken.http;

import dev.evertoken.app.Reports;
import dev.evertoken.app.TokenService;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.port.Time;
import dev.evertoken.wire.ReportJson;
import dev.evertoken.wire.TokenAnswerJson;
import dev.evertoken.wire.TokenRequestJson;
import io.vertx.core.Future;
import java.util.List;

/** Both token calls and the reports of callers (contract, section 3). */
final class TokenEndpoints {

  private final TokenService tokens;
  private final Reports reports;
  private final Time time;

  TokenEndpoints(TokenService tokens, Reports reports, Time time) {
    this.tokens = tokens;
    this.reports = reports;
    this.time = time;
  }

  List<Endpoint> all() {
    return List.of(
        Endpoint.get("/v1/accounts/{id}/token", Scope.TOKEN_READ, this::ofAccount),
        Endpoint.post("/v1/token", Scope.TOKEN_READ, this::any),
        Endpoint.post("/v1/accounts/{id}/reports", Scope.TOKEN_READ, this::report));
  }

  private Future<Reply> ofAccount(Call call) {
    return tokens
        .token(
            call.caller(),
            TokenRequestJson.query(call.id(), call.parameters()).tracedBy(call.trace()))
        .map(this::json);
  }

  private Future<Reply> any(Call call) {
    return tokens
        .token(
            call.caller(), TokenRequestJson.body(call.withoutQuery().json()).tracedBy(call.trace()))
        .map(this::json);
  }

  private Future<Reply> report(Call call) {
    return reports
        .report(
            call.caller(), call.id(), ReportJson.read(call.withoutQuery().fields()), call.trace())
        .map(result -> Reply.json(202, ReportJson.of(result)));
  }

  private Reply json(TokenAnswer answer) {
    return Reply.json(TokenAnswerJson.of(answer, time.instant()));
  }
}
