package dev.evertoken.domain;

import dev.evertoken.domain.AnswerShape.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of an answer and what stands beside them.
 *
 * @param access as it is in the answer, usable or not; null: there is none
 * @param refresh a refresh token that can be stored; null: there is none
 * @param unreadable whether something stands where a refresh token would, and cannot be one
 * @param beside the members around the tokens and those of the answer itself: lifetimes, type
 * @param elsewhere whether a place of the template is empty and the token was found elsewhere
 */
record FoundTokens(
    @Nullable String access,
    @Nullable String refresh,
    boolean unreadable,
    Map<String, Object> beside,
    boolean elsewhere) {

  private static final int LONGEST_REFRESH = 64 * 1024;

  static FoundTokens in(AnswerTree tree, AnswerShape shape) {
    List<Map<String, Object>> objects = tree.objects();
    Spot refresh = spot(tree, objects, shape, Field.REFRESH_TOKEN, "refresh_token");
    List<Map<String, Object>> near =
        refresh.value() == null ? objects : nearFirst(refresh.holder(), objects);
    Spot access = spot(tree, near, shape, Field.ACCESS_TOKEN, "access_token");
    if (refresh.value() == null) {
      refresh = refresh.at(access.holder());
    }
    return of(tree, access, refresh);
  }

  private static FoundTokens of(AnswerTree tree, Spot access, Spot refresh) {
    Object next = refresh.value();
    String storable = next instanceof String text && storable(text) ? text : null;
    Map<String, Object> beside = new LinkedHashMap<>(tree.root());
    beside.putAll(refresh.holder());
    beside.putAll(access.holder());
    boolean elsewhere = access.elsewhere() || (refresh.elsewhere() && storable != null);
    return new FoundTokens(
        access.value() instanceof String text ? text : null,
        storable,
        storable == null && AnswerTree.says(next),
        beside,
        elsewhere);
  }

  private static Spot spot(
      AnswerTree tree,
      List<Map<String, Object>> objects,
      AnswerShape shape,
      Field field,
      String name) {
    String place = shape.places().get(field);
    Object placed = place == null ? null : tree.at(place);
    if (place != null && token(placed) != null) {
      return new Spot(token(placed), tree.holder(place), false);
    }
    for (Map<String, Object> object : objects) {
      Object value = token(AnswerTree.member(object, name));
      if (value != null) {
        return new Spot(value, object, place != null);
      }
    }
    return new Spot(null, tree.root(), false);
  }

  /** The token itself where it is an object with one in it; null for none and for a blank one. */
  private static @Nullable Object token(@Nullable Object value) {
    Object token = value;
    if (value instanceof Map<?, ?>) {
      Map<String, Object> object = AnswerTree.object(value, Map.of());
      Object inner = AnswerTree.member(object, "token");
      token = inner == null ? AnswerTree.member(object, "value") : inner;
      token = token == null ? value : token;
    }
    return token instanceof String text && text.isBlank() ? null : token;
  }

  private static List<Map<String, Object>> nearFirst(
      Map<String, Object> near, List<Map<String, Object>> objects) {
    return java.util.stream.Stream.concat(java.util.stream.Stream.of(near), objects.stream())
        .toList();
  }

  /** Without what no token holds: control characters, and marks of text that was read wrongly. */
  private static boolean storable(String token) {
    return !token.isBlank()
        && token.length() <= LONGEST_REFRESH
        && token
            .codePoints()
            .noneMatch(
                c ->
                    Character.isISOControl(c)
                        || c == 0xFFFD
                        || Character.getType(c) == Character.SURROGATE);
  }

  /** Where a token was found. */
  private record Spot(@Nullable Object value, Map<String, Object> holder, boolean elsewhere) {

    Spot at(Map<String, Object> other) {
      return new Spot(value, other, elsewhere);
    }
  }
}
