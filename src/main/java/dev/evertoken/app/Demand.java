package dev.evertoken.app;

/**
 * Whether somebody waits for a piece of work; once somebody does, it goes before the background's.
 */
final class Demand {

  private volatile boolean awaited;

  Demand(boolean awaited) {
    this.awaited = awaited;
  }

  boolean awaited() {
    return awaited;
  }

  void join() {
    awaited = true;
  }
}
