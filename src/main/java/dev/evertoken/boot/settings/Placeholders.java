package dev.evertoken.boot.settings;

import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code ${NAME}} in values, which stand for environment variables; a doubled dollar sign makes
 * a plain one.
 */
final class Placeholders {

  private static final Pattern FORM =
      Pattern.compile("\\$(\\$\\{)|\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  private Placeholders() {}

  /**
   * The text with the variables' values; a variable that is unset or blank is told and left out.
   */
  static String resolve(String text, Map<String, String> environment, Consumer<String> missing) {
    return FORM.matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(one(match, environment, missing)));
  }

  private static String one(
      MatchResult match, Map<String, String> environment, Consumer<String> missing) {
    if (match.group(1) != null) {
      return match.group(1);
    }
    String value = environment.getOrDefault(match.group(2), "");
    if (value.isBlank()) {
      missing.accept(match.group(2));
    }
    return value;
  }
}
