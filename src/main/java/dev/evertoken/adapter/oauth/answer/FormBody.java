package dev.evertoken.adapter.oauth.answer;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Bodies in the form {@code a=b&c=d}. */
final class FormBody {

  private static final Pattern NAME = Pattern.compile("[\\w.%\\[\\]-]{1,80}");
  private static final Set<String> KNOWN =
      Set.of("access_token", "accesstoken", "refresh_token", "refreshtoken", "error", "error_code");
  private static final int MOST = 1000;

  private FormBody() {}

  /**
   * The fields; null when the text is no form.
   *
   * @param ended whether the text is known to have ended where it ends; else the last field does
   *     not count
   */
  static @Nullable Map<String, Object> read(String text, boolean ended) {
    String[] pairs = text.strip().split("&", MOST);
    if (Stream.of(pairs).noneMatch(pair -> KNOWN.contains(name(pair).toLowerCase(Locale.ROOT)))
        || !NAME.matcher(name(pairs[0])).matches()) {
      return null;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    int count = ended ? pairs.length : pairs.length - 1;
    for (int i = 0; i < count; i++) {
      if (!name(pairs[i]).isEmpty()) {
        put(
            fields,
            decoded(name(pairs[i])),
            decoded(pairs[i].substring(pairs[i].indexOf('=') + 1)));
      }
    }
    return fields;
  }

  private static String name(String pair) {
    return pair.substring(0, Math.max(0, pair.indexOf('=')));
  }

  private static void put(Map<String, Object> fields, String name, String value) {
    if (!value.isBlank() || !fields.containsKey(name)) {
      fields.put(name, value);
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }
}
