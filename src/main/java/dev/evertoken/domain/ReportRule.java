package dev.evertoken.domain;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A platform's own bench for what a caller reports: that status, with one of those words in the
 * message (any case).
 */
public record ReportRule(int status, List<String> keywords, Duration bench) {

  public ReportRule {
    keywords = List.copyOf(keywords);
  }

  public boolean matches(int reportedStatus, @Nullable String message) {
    if (status != reportedStatus) {
      return false;
    }
    String text = message == null ? "" : message.toLowerCase(Locale.ROOT);
    return keywords.isEmpty()
        || keywords.stream().anyMatch(word -> text.contains(word.toLowerCase(Locale.ROOT)));
  }
}
