package dev.evertoken.bus;

import dev.evertoken.app.ReportResult;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Report;
import dev.evertoken.domain.Trace;
import dev.evertoken.wire.ReportJson;
import dev.evertoken.wire.RequestFields;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Answers {@link Addresses#TOKEN_REPORT}. */
public final class TokenReport implements BusOperation {

  /** What takes the reports. */
  public interface Sink {

    Future<ReportResult> report(Caller caller, long account, Report report, Trace trace);
  }

  private final Sink sink;

  public TokenReport(Sink sink) {
    this.sink = sink;
  }

  @Override
  public Future<JsonObject> run(Caller caller, JsonObject body, Trace trace) {
    RequestFields fields = RequestFields.body(body);
    Long account = fields.whole("account", 1, Long.MAX_VALUE);
    if (body.getValue("account") == null) {
      fields.malformed("account", "is required");
    }
    Report report = ReportJson.read(fields);
    return sink.report(caller, account == null ? 0 : account, report, trace).map(ReportJson::of);
  }
}
