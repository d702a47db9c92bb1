package dev.evertoken.adapter.oauth.answer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The status line and the header lines of an answer, as far as they can be made out: lines without
 * a name are skipped, folded ones joined.
 */
final class Head {

  private static final Pattern STATUS_LINE =
      Pattern.compile("(?i)HTTP(?:/[0-9.]{0,8})?[ \\t]+([0-9]{3})(?![0-9]).*");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,15}");
  private static final int LONGEST_KEPT = 1000;
  private static final List<String> KEPT =
      List.of("content-type", "content-encoding", "date", "retry-after");

  private final int status;
  private final Map<String, List<String>> fields = new HashMap<>();
  private @Nullable List<String> last;

  private Head(int status) {
    this.status = status;
  }

  /** The head that a status line begins; null when the line is none. */
  static @Nullable Head begin(String line) {
    Matcher parts = STATUS_LINE.matcher(line);
    return parts.matches() ? new Head(Integer.parseInt(parts.group(1))) : null;
  }

  /** Whether a text could be the beginning of a status line. */
  static boolean couldBegin(String start) {
    String begun = start.substring(0, Math.min(5, start.length()));
    return "HTTP/".startsWith(begun.toUpperCase(Locale.ROOT))
        || "HTTP ".startsWith(begun.toUpperCase(Locale.ROOT));
  }

  void line(String line) {
    if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
      if (last != null) {
        last.add(last.removeLast() + " " + line.strip());
      }
      return;
    }
    int colon = line.indexOf(':');
    if (colon > 0) {
      String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      last = fields.computeIfAbsent(name, fresh -> new ArrayList<>(1));
      last.add(line.substring(colon + 1).strip());
    }
  }

  int status() {
    return status;
  }

  /** Something before the answer itself (RFC 9110, section 15.2). */
  boolean informational() {
    return status / 100 == 1 && status != 101;
  }

  boolean chunked() {
    return joined("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked");
  }

  /** The length of the body; -1: it is not said, or said in two ways. */
  long length() {
    long length = -1;
    for (String said : joined("content-length").split(",", -1)) {
      String text = said.strip();
      long one = LENGTH.matcher(text).matches() ? Long.parseLong(text) : -1;
      if (one < 0 || (length >= 0 && one != length)) {
        return status == 204 || status == 304 ? 0 : -1;
      }
      length = one;
    }
    return length;
  }

  /** The headers that reading needs. */
  Map<String, String> kept() {
    Map<String, String> kept = new HashMap<>();
    for (String name : KEPT) {
      String value = name.equals("content-encoding") ? codings() : first(name);
      if (!value.isEmpty() && value.length() <= LONGEST_KEPT) {
        kept.put(name, value);
      }
    }
    return kept;
  }

  /** Codings of the transfer, but chunks, are undone like those of the content, and before them. */
  private String codings() {
    String transfer = joined("transfer-encoding").replaceAll("(?i)(chunked|identity)", "");
    String both = joined("content-encoding") + "," + transfer;
    return both.replaceAll("[\\s,]+", ",").replaceAll("^,|,$", "");
  }

  private String first(String name) {
    return fields.getOrDefault(name, List.of("")).getFirst();
  }

  private String joined(String name) {
    return String.join(",", fields.getOrDefault(name, List.of()));
  }
}
