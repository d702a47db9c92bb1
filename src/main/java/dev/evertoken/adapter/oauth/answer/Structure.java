package dev.evertoken.adapter.oauth.answer;

import dev.evertoken.domain.LenientJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The members that a text holds: JSON, JSON in a string, JSON behind a prefix, or a form.
 *
 * @param members the members whose end was seen
 * @param whole whether the end of them all was seen
 * @param form whether they came as a form
 */
record Structure(Map<String, Object> members, boolean whole, boolean form) {

  private static final int MOST_TRIES = 24;
  private static final int MOST_WRAPPINGS = 3;
  private static final int LONGEST_PREFIX = 80;
  private static final Pattern TOKEN_NAME = Pattern.compile("(?i)(access|refresh)[_-]?token");
  private static final Pattern REFRESH_NAME = Pattern.compile("(?i)refresh[_-]?token$");
  private static final Pattern REFRESH_TOKEN =
      Pattern.compile(
          "(?i)refresh[_-]?token(?:[\\\\\"']{1,4}\\s*:\\s*[\\\\\"']{1,4}|=)[^\\s\\\\\"',}&]{8}");
  private static final Pattern PREFIX = Pattern.compile("[^<{]{0," + LONGEST_PREFIX + "}");

  /**
   * Reads a text; null when it has no such structure.
   *
   * @param ended whether the text is known to have ended where it ends
   */
  static @Nullable Structure of(String text, boolean ended) {
    Structure found = found(text, ended);
    if (found == null || !found.whole() || !REFRESH_TOKEN.matcher(text).find()) {
      return found;
    }
    // A refresh token that the members lack is behind damage: what was read is not the whole.
    boolean read = names(found.members(), REFRESH_NAME, 0);
    return read ? found : new Structure(found.members(), false, found.form());
  }

  /** Whether a text names a token anywhere. */
  static boolean namesToken(String text) {
    return TOKEN_NAME.matcher(text).find();
  }

  private static @Nullable Structure found(String text, boolean ended) {
    String bare = text.strip();
    if (bare.isEmpty()) {
      return null;
    }
    char first = bare.charAt(0);
    Structure plain = first == '{' || first == '[' || first == '"' ? json(bare, 0, 0) : null;
    if (plain != null && (plain.whole() || plain.namesToken())) {
      return plain.namesToken() ? plain : orLater(plain, bare);
    }
    Map<String, Object> form = FormBody.read(bare, ended);
    if (form != null) {
      return new Structure(form, ended, true);
    }
    return orLater(plain == null ? prefixed(bare) : plain, bare);
  }

  /** What stands behind {@code )]}',}, {@code while(1);} or {@code callback(}. */
  private static @Nullable Structure prefixed(String text) {
    int brace = text.indexOf('{');
    if (brace < 0 || !PREFIX.matcher(text.substring(0, brace)).matches()) {
      return null;
    }
    Structure behind = json(text, brace, 0);
    return behind == null || behind.members().isEmpty() ? null : behind;
  }

  /** Where the first thing names no token, another may: tokens hide in odd places. */
  private static @Nullable Structure orLater(@Nullable Structure first, String text) {
    if (!TOKEN_NAME.matcher(text).find()) {
      return first;
    }
    int at = text.indexOf('{', first == null ? 0 : 1);
    for (int i = 0; i < MOST_TRIES && at >= 0; i++) {
      Structure later = json(text, at, 0);
      if (later != null && later.namesToken()) {
        return later;
      }
      at = text.indexOf('{', at + 1);
    }
    return first;
  }

  private static @Nullable Structure json(String text, int from, int depth) {
    LenientJson.Parsed parsed = LenientJson.parse(text, from);
    Object value = parsed.value();
    if (value instanceof String inner && depth < MOST_WRAPPINGS) {
      return inner.isBlank() ? null : json(inner.strip(), 0, depth + 1);
    }
    if (value instanceof Map<?, ?> map) {
      return new Structure(unwrapped(map), parsed.whole(), false);
    }
    return value instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance)
        ? new Structure(numbered(list), parsed.whole(), false)
        : null;
  }

  /** A member that is JSON as text is read as what it holds. */
  private static Map<String, Object> unwrapped(Map<?, ?> map) {
    Map<String, Object> members = new LinkedHashMap<>();
    map.forEach((name, value) -> put(members, String.valueOf(name), value));
    return members;
  }

  private static void put(Map<String, Object> members, String name, @Nullable Object value) {
    Object read = value;
    if (value instanceof String text && text.startsWith("{") && TOKEN_NAME.matcher(text).find()) {
      LenientJson.Parsed inner = LenientJson.parse(text, 0);
      read = inner.whole() && inner.value() != null ? inner.value() : value;
    }
    members.put(name, read);
  }

  private static Map<String, Object> numbered(List<?> list) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(list.size(), MOST_TRIES); i++) {
      members.put("" + i, list.get(i));
    }
    return members;
  }

  private boolean namesToken() {
    return names(members, TOKEN_NAME, 0);
  }

  private static boolean names(@Nullable Object value, Pattern name, int depth) {
    if (depth > 5) {
      return false;
    }
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .anyMatch(
                  member ->
                      name.matcher(String.valueOf(member.getKey())).find()
                          || names(member.getValue(), name, depth + 1));
      case List<?> list -> list.stream().anyMatch(element -> names(element, name, depth + 1));
      case null, default -> false;
    };
  }
}
