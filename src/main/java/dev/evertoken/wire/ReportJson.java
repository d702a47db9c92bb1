package dev.evertoken.wire;

import dev.evertoken.app.ReportResult;
import dev.evertoken.domain.Report;
import dev.evertoken.domain.WireName;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads what a caller saw upstream, and writes what it led to (contract, section 3). */
public final class ReportJson {

  private static final int LONGEST_MESSAGE = 4000;
  private static final long LONGEST_WAIT_SECONDS = 1_000_000_000;

  private ReportJson() {}

  /**
   * The report in these fields, which ends their reading. Fails with {@code malformed_request} or
   * {@code invalid}.
   */
  public static Report read(RequestFields fields) {
    long generation = required(fields, "generation", fields.whole("generation", 0, Long.MAX_VALUE));
    long status = required(fields, "status", fields.whole("status", 100, 599));
    Long retryAfter = fields.whole("retry_after", 0, LONGEST_WAIT_SECONDS);
    String message =
        fields.any("message") instanceof String text && text.isBlank()
            ? null
            : fields.text("message", LONGEST_MESSAGE);
    fields.end();
    return new Report(
        generation,
        Math.toIntExact(status),
        retryAfter == null ? null : Duration.ofSeconds(retryAfter),
        message);
  }

  /** The answer to a report. */
  public static JsonObject of(ReportResult result) {
    JsonObject json =
        new JsonObject()
            .put("action", WireName.of(result.action()))
            .put("generation", result.generation());
    return result.until() == null ? json : json.put("until", Times.text(result.until()));
  }

  private static long required(RequestFields fields, String name, @Nullable Long value) {
    if (value == null && fields.any(name) == null) {
      fields.malformed(name, "is required");
    }
    return value == null ? 0 : value;
  }
}
