package dev.evertoken.boot.operator;

import java.util.List;

/** Why a command did not do its work, as lines for who gave it, and the exit code. */
public final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> lines;
  private final Exit exit;

  Refusal(Exit exit, List<String> lines) {
    super(String.join("; ", lines), null, false, false);
    this.exit = exit;
    this.lines = List.copyOf(lines);
  }

  Refusal(Exit exit, String line) {
    this(exit, List.of(line));
  }

  public Exit exit() {
    return exit;
  }

  public List<String> lines() {
    return lines;
  }
}
