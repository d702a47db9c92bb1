package dev.evertoken.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether an {@code Accept} header lets a media type through (RFC 9110, section 12.5.1). */
final class Accepts {

  private Accepts() {}

  static boolean allows(@Nullable String accept, String mediaType) {
    if (accept == null || accept.isBlank() || accept.equals("*/*")) {
      return true;
    }
    String whole = mediaType.substring(0, mediaType.indexOf('/')) + "/*";
    for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = range.split(";", -1);
      String type = parts[0].strip();
      if ((type.equals(mediaType) || type.equals(whole) || type.equals("*/*")) && !refused(parts)) {
        return true;
      }
    }
    return false;
  }

  private static boolean refused(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].strip().matches("q=0(\\.0*)?")) {
        return true;
      }
    }
    return false;
  }
}
