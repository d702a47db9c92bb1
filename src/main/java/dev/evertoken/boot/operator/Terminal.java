package dev.evertoken.boot.operator;

import java.io.Console;
import java.util.Optional;

/** The terminal of a person, where there is one. */
public final class Terminal {

  private Terminal() {}

  // JDK 22 to 24 give a console also where there is no terminal, JDK 25 gives null again.
  @SuppressWarnings("SystemConsoleNull")
  public static Optional<Console> find() {
    Console console = System.console();
    return console != null && console.isTerminal() ? Optional.of(console) : Optional.empty();
  }
}
