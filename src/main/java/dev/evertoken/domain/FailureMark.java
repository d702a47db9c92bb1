package dev.evertoken.domain;

import dev.evertoken.domain.AnswerShape.Field;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a 2xx says by its structure that it is a failure. */
final class FailureMark {

  private static final List<String> ERRORS =
      List.of("error", "errors", "error_code", "error_description", "fault");
  private static final List<String> SUCCESSES = List.of("ok", "success", "succeeded");
  private static final List<String> CODES = List.of("errcode", "code", "status", "ret", "error_no");
  private static final Set<String> NO = Set.of("false", "no", "n", "0");
  private static final Set<String> FAILED =
      Set.of("error", "fail", "failed", "failure", "failing", "denied", "rejected");

  /** Numbers by which one provider or another means success. */
  private static final Set<Integer> SUCCESS_NUMBERS =
      Set.of(0, 1, 1000, 2000, 10000, 20000, 100000);

  private FailureMark() {}

  /** Whether the answer, or an object that it is wrapped in, has a mark of failure. */
  static boolean in(AnswerTree tree, AnswerShape shape) {
    AnswerShape.Mark ok = shape.ok();
    if (ok != null && !KnownRefusals.holds(tree, ok.at(), ok.equals())) {
      return true;
    }
    String error = shape.places().get(Field.ERROR);
    if (error != null && says(tree.at(error))) {
      return true;
    }
    Map<String, Object> root = tree.root();
    return marked(root)
        || List.of("data", "body", "result", "response", "0").stream()
            .map(name -> AnswerTree.object(root.get(name), Map.of()))
            .anyMatch(FailureMark::marked);
  }

  private static boolean marked(Map<String, Object> object) {
    return ERRORS.stream().anyMatch(name -> says(AnswerTree.member(object, name)))
        || SUCCESSES.stream().anyMatch(name -> no(AnswerTree.member(object, name)))
        || CODES.stream().anyMatch(name -> failed(AnswerTree.member(object, name)));
  }

  private static boolean says(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean flag -> flag;
      case String text -> !text.isBlank() && !NO.contains(text.strip().toLowerCase(Locale.ROOT));
      case Long number -> number != 0;
      case BigDecimal number -> number.signum() != 0;
      case Collection<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      default -> true;
    };
  }

  private static boolean no(@Nullable Object value) {
    return value != null && NO.contains(value.toString().strip().toLowerCase(Locale.ROOT));
  }

  /** Only a number that no provider means success by, or a word for failure. */
  private static boolean failed(@Nullable Object value) {
    String text = value == null ? "" : value.toString().strip().toLowerCase(Locale.ROOT);
    if (text.matches("-?[0-9]{1,9}")) {
      int number = Integer.parseInt(text);
      return !SUCCESS_NUMBERS.contains(number) && number / 100 != 2;
    }
    return FAILED.contains(text) || RefusalWords.meaning(text) != Refusal.Meaning.OTHER;
  }
}
