package dev.evertoken.app;

import dev.evertoken.app.RefreshStage.Done;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.Trigger;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.Metrics;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs the refreshes that this node ran to their end. */
final class RefreshTally {

  private static final Logger LOG = LoggerFactory.getLogger(RefreshTally.class);

  private final Metrics metrics;

  RefreshTally(Metrics metrics) {
    this.metrics = metrics;
  }

  void ended(RefreshStage stage, Trigger trigger) {
    if (stage instanceof Done done) {
      ended(done.outcome(), trigger);
    }
  }

  private void ended(RefreshOutcome outcome, Trigger trigger) {
    Account account = outcome.account();
    LastRefresh last = account.lastRefresh();
    RefreshClass result =
        outcome instanceof RefreshOutcome.Failed failed ? failed.result() : RefreshClass.SUCCESS;
    Duration took = last == null ? Duration.ZERO : last.duration();
    metrics.refreshed(account.platform(), result, trigger, took);
    LOG.atInfo()
        .addKeyValue("account", account.id())
        .addKeyValue("platform", account.platform())
        .addKeyValue("route", account.route().label())
        .addKeyValue("generation", account.generation())
        .addKeyValue("attempt", last == null ? null : last.attempt())
        .addKeyValue("trigger", WireName.of(trigger))
        .addKeyValue("class", WireName.of(result))
        .addKeyValue("duration_ms", took.toMillis())
        .log("refresh_ended");
  }
}
