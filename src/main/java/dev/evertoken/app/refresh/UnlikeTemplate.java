package dev.evertoken.app.refresh;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.port.ClientStore;
import dev.evertoken.port.Metrics;
import dev.evertoken.port.Time;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells that a provider differs from its template: counted each time, told once a day and kind in
 * the cluster. What this node knows to be told costs nothing more. Never fails a refresh.
 */
public final class UnlikeTemplate {

  private static final Logger LOG = LoggerFactory.getLogger(UnlikeTemplate.class);
  private static final String ROTATES = "rotates_though_none";

  private record Difference(String platform, String kind) {}

  private final ClientStore store;
  private final Announcements announcements;
  private final Metrics metrics;
  private final Time time;
  private final Map<Difference, LocalDate> told = new ConcurrentHashMap<>();

  public UnlikeTemplate(
      ClientStore store, Announcements announcements, Metrics metrics, Time time) {
    this.store = store;
    this.announcements = announcements;
    this.metrics = metrics;
    this.time = time;
  }

  /** The provider answered the attempt in that way. */
  void answered(Claimed claimed, ExchangeResult.Judged judged) {
    String platform = claimed.platform().name();
    judged.judgement().oddities().stream()
        .filter(kind -> !kind.equals(ROTATES) || rotates(claimed, judged))
        .forEach(kind -> differs(new Difference(platform, kind), claimed.request().traceId()));
  }

  /** A provider that answers the presented refresh token again does not rotate. */
  private static boolean rotates(Claimed claimed, ExchangeResult.Judged judged) {
    return !claimed.refreshToken().equals(judged.judgement().nextRefreshToken());
  }

  private void differs(Difference difference, @Nullable String traceId) {
    metrics.unlikeTemplate(difference.platform(), difference.kind());
    LocalDate today = time.instant().atOffset(ZoneOffset.UTC).toLocalDate();
    if (today.equals(told.put(difference, today))) {
      return;
    }
    store
        .firstToday(difference.platform(), difference.kind())
        .onSuccess(first -> tell(difference, first, traceId))
        .onFailure(failure -> told.remove(difference, today));
  }

  private void tell(Difference difference, boolean first, @Nullable String traceId) {
    if (first) {
      LOG.atWarn()
          .addKeyValue("platform", difference.platform())
          .addKeyValue("kind", difference.kind())
          .addKeyValue("trace_id", traceId)
          .log("provider_unlike_template");
      announcements.unlikeTemplate(difference.platform(), difference.kind());
    }
  }
}
