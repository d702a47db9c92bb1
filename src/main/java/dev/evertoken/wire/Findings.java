package dev.evertoken.wire;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.Problem.FieldError;
import dev.evertoken.domain.ProblemCode;
import java.util.ArrayList;
import java.util.List;

/** What was wrong with a request: the form first, else the values. */
final class Findings {

  /** A caller mends a few at a time; a hostile body must not make a large answer. */
  private static final int MOST = 20;

  private final List<FieldError> malformed = new ArrayList<>();
  private final List<FieldError> invalid = new ArrayList<>();

  void malformed(String pointer, String detail) {
    add(malformed, pointer, detail);
  }

  void invalid(String pointer, String detail) {
    add(invalid, pointer, detail);
  }

  void end() {
    if (!malformed.isEmpty()) {
      throw problem(ProblemCode.MALFORMED_REQUEST, malformed);
    }
    if (!invalid.isEmpty()) {
      throw problem(ProblemCode.INVALID, invalid);
    }
  }

  private static void add(List<FieldError> list, String pointer, String detail) {
    if (list.size() < MOST) {
      list.add(new FieldError(pointer, detail));
    }
  }

  private static RuntimeException problem(ProblemCode code, List<FieldError> errors) {
    FieldError first = errors.getFirst();
    String at = first.pointer().isEmpty() ? "" : first.pointer() + ": ";
    return Problem.of(code, at + first.detail()).withErrors(errors).exception();
  }
}
