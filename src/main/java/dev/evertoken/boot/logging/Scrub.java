package dev.evertoken.boot.logging;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of a foreign text what could be a secret.
 *
 * <p>A net below the rule that no secret is logged: texts of libraries and of the exceptions they
 * throw may quote a URL, a header or a body.
 */
final class Scrub {
  private static final int LONGEST = 600;
  private static final List<Pattern> NAMED =
      List.of(
          Pattern.compile("(?<=://)[^/\\s@]++(?=@)"),
          Pattern.compile("(?i)(?<=\\b(?:bearer|basic) )\\S++"),
          Pattern.compile(
              "(?i)(?<=(?:token|secret|password|assertion|verifier|key|credentials?)"
                  + "[\"']?\\s?[:=]\\s?)(?:\"[^\"]*+\"?|'[^']*+'?|[^\\s,;&})\\]]++)"));
  private static final Pattern LONG_WORD = Pattern.compile("[\\w+~=-]{20,}+");

  private Scrub() {}

  static String text(String foreign) {
    var text = foreign.length() > LONGEST ? foreign.substring(0, LONGEST) + "…" : foreign;
    for (var secret : NAMED) {
      text = secret.matcher(text).replaceAll("***");
    }
    return LONG_WORD.matcher(text).replaceAll(Scrub::unlessPlain);
  }

  private static String unlessPlain(MatchResult word) {
    var random =
        word.group().chars().anyMatch(Character::isDigit)
            && word.group().chars().anyMatch(Character::isLetter);
    return random ? "***" : Matcher.quoteReplacement(word.group());
  }
}
