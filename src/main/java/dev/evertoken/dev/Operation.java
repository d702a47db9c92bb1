package dev.evertoken.dev;

/** What a request asks for. */
interface Operation {
  /** Does it, at once and in full, and says how to answer. */
  Answer perform();

  /** Leaves it undone, because a fault struck first. */
  default void skip() {}
}
