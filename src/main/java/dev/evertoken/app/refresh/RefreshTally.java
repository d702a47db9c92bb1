package dev.evertoken.app.refresh;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.Metrics;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Counts and logs the refreshes that this node ran to their end. */
final class RefreshTally {

  private static final Logger LOG = LoggerFactory.getLogger(RefreshTally.class);

  private final Metrics metrics;

  RefreshTally(Metrics metrics) {
    this.metrics = metrics;
  }

  void ended(AttemptEnd end, Request request) {
    if (end instanceof AttemptEnd.Over over) {
      ended(over.outcome(), request);
    }
  }

  /** A grant that is gone, or may be, needs a person. */
  private static LoggingEventBuilder level(RefreshClass result) {
    return switch (result) {
      case PERMANENT, OUTCOME_UNKNOWN, UNREADABLE -> LOG.atWarn();
      case SUCCESS, PROVIDER_CONFIG, TRANSIENT, THROTTLED, PROXY, STORAGE, SETTINGS, DRAINING ->
          LOG.atInfo();
    };
  }

  private void ended(RefreshOutcome outcome, Request request) {
    Account account = outcome.account();
    LastRefresh last = account.lastRefresh();
    RefreshClass result =
        outcome instanceof RefreshOutcome.Failed failed ? failed.result() : RefreshClass.SUCCESS;
    Duration took = last == null ? Duration.ZERO : last.duration();
    metrics.refreshed(account.platform(), result, request.trigger(), took);
    level(result)
        .addKeyValue("account", account.id())
        .addKeyValue("platform", account.platform())
        .addKeyValue("route", account.route().label())
        .addKeyValue("generation", account.generation())
        .addKeyValue("attempt", last == null ? null : last.attempt())
        .addKeyValue("trigger", WireName.of(request.trigger()))
        .addKeyValue("class", WireName.of(result))
        .addKeyValue("duration_ms", took.toMillis())
        .addKeyValue("trace_id", request.traceId())
        .log("refresh_ended");
  }
}
