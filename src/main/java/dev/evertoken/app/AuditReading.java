package dev.evertoken.app;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.port.AuditLog;
import dev.evertoken.port.AuditLog.Entry;
import dev.evertoken.port.AuditLog.Filter;
import dev.evertoken.port.AuditLog.Place;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit, for callers whose key is not limited to some accounts. */
public final class AuditReading {

  private final AuditLog log;

  AuditReading(AuditLog log) {
    this.log = log;
  }

  /** What happened, newest first, from before that place on. */
  public Future<List<Entry>> list(Caller caller, Filter filter, int limit, @Nullable Place before) {
    if (caller.limited()) {
      throw Problem.of(
              ProblemCode.FORBIDDEN, "The audit is closed to a key limited to pools and accounts.")
          .exception();
    }
    return log.list(filter, limit, before);
  }
}
