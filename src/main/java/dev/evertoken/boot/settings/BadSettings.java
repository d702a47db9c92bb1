package dev.evertoken.boot.settings;

import java.util.List;

/** The configuration cannot be used; every problem of it is one line. */
public final class BadSettings extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  public BadSettings(List<String> problems) {
    super(String.join("\n", problems), null, false, false);
    this.problems = List.copyOf(problems);
  }

  /** Each a line for a person, without secrets. */
  public List<String> problems() {
    return problems;
  }
}
