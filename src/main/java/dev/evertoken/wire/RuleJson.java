package dev.evertoken.wire;

import dev.evertoken.domain.ReportRule;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads and writes rules for reports: {@code [{"status":429,"keywords":["quota"],"minutes":30}]}.
 */
public final class RuleJson {

  private static final int MOST_RULES = 50;
  private static final int MOST_KEYWORDS = 50;
  private static final int LONGEST_KEYWORD = 200;
  private static final long LONGEST_MINUTES = Duration.ofDays(7).toMinutes();

  private RuleJson() {}

  public static JsonArray of(List<ReportRule> rules) {
    JsonArray array = new JsonArray();
    for (ReportRule rule : rules) {
      array.add(
          new JsonObject()
              .put("status", rule.status())
              .put("keywords", new JsonArray(rule.keywords()))
              .put("minutes", rule.bench().toMinutes()));
    }
    return array;
  }

  /** The rules of that field, in their order; empty when it is not given. */
  public static List<ReportRule> read(RequestFields fields, String name) {
    List<ReportRule> rules = new ArrayList<>();
    for (RequestFields rule : fields.objects(name, MOST_RULES)) {
      Long status = rule.whole("status", 400, 599);
      List<String> keywords = rule.texts("keywords", MOST_KEYWORDS, LONGEST_KEYWORD);
      Long minutes = rule.whole("minutes", 1, LONGEST_MINUTES);
      for (String needed : List.of("status", "minutes")) {
        if (rule.any(needed) == null) {
          rule.malformed(needed, "is required");
        }
      }
      if (status != null && minutes != null) {
        rules.add(new ReportRule(status.intValue(), keywords, Duration.ofMinutes(minutes)));
      }
    }
    return rules;
  }
}
