package dev.evertoken.domain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of an answer, found by path or by any spelling of their name. */
final class AnswerTree {

  private static final int DEEPEST = 5;
  private static final int MOST = 500;

  /** In which members providers wrap what they answer; these go before others. */
  private static final List<String> WRAPPERS =
      List.of("data", "body", "result", "response", "authed_user", "0");

  private final Map<String, Object> root;

  AnswerTree(Map<String, Object> root) {
    this.root = root;
  }

  Map<String, Object> root() {
    return root;
  }

  /** What is at a dotted path, in lists by number; null when there is nothing. */
  @Nullable Object at(String path) {
    Object here = root;
    for (String step : path.split("\\.", -1)) {
      here =
          switch (here) {
            case Map<?, ?> map -> map.get(step);
            case List<?> list -> element(list, step);
            case null, default -> null;
          };
    }
    return here;
  }

  /** The object that holds what is at a path. */
  Map<String, Object> holder(String path) {
    int last = path.lastIndexOf('.');
    return last < 0 ? root : object(at(path.substring(0, last)), root);
  }

  /** All objects of the answer, the outermost first, wrappers before others of the same depth. */
  List<Map<String, Object>> objects() {
    List<Map<String, Object>> found = new ArrayList<>();
    Deque<Object> level = new ArrayDeque<>(List.of(root));
    for (int depth = 0; depth < DEEPEST && !level.isEmpty(); depth++) {
      Deque<Object> next = new ArrayDeque<>();
      for (Object container : level) {
        if (found.size() < MOST && container instanceof Map<?, ?>) {
          found.add(object(container, root));
        }
        containers(container, next);
      }
      level = next;
    }
    return found;
  }

  private static void containers(Object container, Deque<Object> into) {
    if (container instanceof Map<?, ?> map) {
      WRAPPERS.forEach(name -> add(map.get(name), into));
      map.forEach((name, value) -> addOther(name, value, into));
    } else if (container instanceof List<?> list) {
      list.forEach(element -> add(element, into));
    }
  }

  private static void addOther(@Nullable Object name, @Nullable Object value, Deque<Object> into) {
    if (!WRAPPERS.contains(String.valueOf(name))) {
      add(value, into);
    }
  }

  private static void add(@Nullable Object value, Deque<Object> into) {
    if ((value instanceof Map<?, ?> || value instanceof List<?>) && into.size() < MOST) {
      into.add(value);
    }
  }

  /** The member of that name, else one whose name differs by case and separators alone. */
  static @Nullable Object member(Map<String, Object> object, String name) {
    if (object.get(name) != null) {
      return object.get(name);
    }
    String bare = bare(name);
    for (Map.Entry<String, Object> member : object.entrySet()) {
      if (member.getValue() != null && bare(member.getKey()).equals(bare)) {
        return member.getValue();
      }
    }
    return null;
  }

  /** A name without case and separators. */
  static String bare(String name) {
    return name.length() > 80 ? "" : name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  /** Whether any member could be a token by its name, in any depth. */
  boolean couldHoldToken() {
    return objects().stream()
        .flatMap(object -> object.entrySet().stream())
        .anyMatch(member -> couldBeToken(bare(member.getKey()), member.getValue()));
  }

  private static boolean couldBeToken(String name, @Nullable Object value) {
    boolean named = name.contains("token") || name.contains("jwt") || name.contains("credential");
    boolean about =
        name.startsWith("tokentype") || name.contains("expir") || name.contains("error");
    return named && !about && says(value);
  }

  /** Whether a value says anything: neither empty, nor a mere yes or no. */
  static boolean says(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case String text -> !text.isBlank();
      case Boolean flag -> false;
      case Collection<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      default -> true;
    };
  }

  private static @Nullable Object element(List<?> list, String step) {
    if (!step.matches("[0-9]{1,3}")) {
      return null;
    }
    int index = Integer.parseInt(step);
    return index < list.size() ? list.get(index) : null;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(@Nullable Object value, Map<String, Object> otherwise) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : otherwise;
  }
}
