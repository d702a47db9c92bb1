package dev.evertoken.boot;

import java.io.Console;
import java.util.function.Consumer;

/** The terminal of a person, where there is one. */
final class Terminal {

  private Terminal() {}

  // JDK 22 to 24 give a console also where there is no terminal, JDK 25 gives null again.
  @SuppressWarnings("SystemConsoleNull")
  static void ifPresent(Consumer<Console> use) {
    Console console = System.console();
    if (console != null && console.isTerminal()) {
      use.accept(console);
    }
  }
}
