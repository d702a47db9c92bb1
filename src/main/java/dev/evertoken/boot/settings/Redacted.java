package dev.evertoken.boot.settings;

import java.util.regex.Pattern;

/** Text that may hold a password, as a log may show it. */
final class Redacted {

  // To the last @: a password may itself hold one, and then no parser can tell.
  private static final Pattern USER_INFO = Pattern.compile("(?s)://.*@");
  private static final Pattern QUERY_SECRET =
      Pattern.compile("(?i)([?&][^=&]*(?:pass|secret|key|token|pwd)[^=&]*=)[^&]*");

  private Redacted() {}

  /** The address without user, password and secret parameters; nothing of what is no address. */
  static String uri(String text) {
    if (!text.contains("://")) {
      return "***";
    }
    String bare = USER_INFO.matcher(text).replaceFirst("://***@");
    return QUERY_SECRET.matcher(bare).replaceAll("$1***");
  }
}
