package dev.evertoken.app.route;

/**
 * Whether a caller waits for a piece of work. Once one does, the work goes before the background's.
 */
public final class Demand {

  private volatile boolean awaited;

  public Demand(boolean awaited) {
    this.awaited = awaited;
  }

  public boolean awaited() {
    return awaited;
  }

  public void join() {
    awaited = true;
  }
}
