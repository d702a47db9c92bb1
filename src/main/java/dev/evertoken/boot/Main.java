package dev.evertoken.boot;

/** The entry point of the jar. */
public final class Main {

  private Main() {}

  /** Runs one command of Evertoken. */
  public static void main(String[] args) {
    System.exit(EvertokenCommand.run(args));
  }
}
