package dev.evertoken.domain;

import dev.evertoken.domain.AnswerShape.Field;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an answer without tokens says, and what that means.
 *
 * @param code a word or number that may be repeated: from a list, or a plain name; null: none
 */
record Refusal(@Nullable String code, Meaning meaning) {

  /** Where answers name their codes; of each list the first three elements. */
  private static final List<String> PLACES =
      List.of(
          "error",
          "error.code",
          "error.type",
          "error.status",
          "error.error",
          "error.errorCode",
          "error.error_code",
          "error.reason",
          "suberror",
          "error_code",
          "errorCode",
          "code",
          "errors.*.errorType",
          "errors.*.code",
          "errors.*.error",
          "errors.*.type",
          "errors.*.reason",
          "errors.*",
          "0.errorCode",
          "0.error",
          "0.code",
          "status",
          "reason",
          "errcode",
          "data.error",
          "data.error_code",
          "data.code",
          "body.error",
          "result.error",
          "response.error");

  private static final int FIRST = 3;

  /** What a refusal means. */
  enum Meaning {
    /** The grant is gone: a person must authorise again. */
    PERMANENT,
    /** The same by a word that alone proves nothing. */
    GENERIC,
    /** Our client or its settings are refused. */
    PROVIDER_CONFIG,
    THROTTLED,
    TRANSIENT,
    OTHER
  }

  /** Reads a refusal; of a code that nobody knows, the first that is named. */
  static Refusal of(int status, AnswerTree tree, AnswerShape shape) {
    for (AnswerShape.Refusal permanent : shape.permanent()) {
      if (permanent.status() == status
          && KnownRefusals.holds(tree, permanent.at(), permanent.equals())) {
        return new Refusal(permanent.equals(), Meaning.PERMANENT);
      }
    }
    Refusal known = KnownRefusals.find(status, tree);
    return known == null ? byWord(tree, shape) : known;
  }

  private static Refusal byWord(AnswerTree tree, AnswerShape shape) {
    List<String> words = words(tree, shape).toList();
    for (String word : words) {
      Meaning meaning = RefusalWords.meaning(word);
      if (meaning != Meaning.OTHER) {
        return new Refusal(word, meaning);
      }
    }
    return new Refusal(words.isEmpty() ? null : words.getFirst(), Meaning.OTHER);
  }

  private static Stream<String> words(AnswerTree tree, AnswerShape shape) {
    String own = shape.places().get(Field.ERROR);
    Stream<String> places =
        own == null ? PLACES.stream() : Stream.concat(Stream.of(own), PLACES.stream());
    return places
        .flatMap(Refusal::elements)
        .map(tree::at)
        .map(Refusal::word)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull);
  }

  private static Stream<String> elements(String place) {
    return place.contains("*")
        ? Stream.iterate(0, i -> i + 1).limit(FIRST).map(i -> place.replace("*", "" + i))
        : Stream.of(place);
  }

  /**
   * A code in snake case; null when it is no plain name or small number, because a provider may
   * echo a token where a code belongs.
   */
  private static @Nullable String word(@Nullable Object value) {
    if (value instanceof Long number) {
      return Math.abs(number) < 10_000_000 && number != 0 ? number.toString() : null;
    }
    if (!(value instanceof String text)) {
      return null;
    }
    if (text.matches("-?[0-9]{1,7}")) {
      return text;
    }
    return text.matches("[A-Za-z][A-Za-z_.-]{0,39}|[A-Za-z_]{1,40}") ? snake(text) : null;
  }

  private static String snake(String text) {
    String apart = text.replace('-', '_').replaceAll("([a-z])([A-Z])", "$1_$2");
    return apart.toLowerCase(Locale.ROOT);
  }
}
