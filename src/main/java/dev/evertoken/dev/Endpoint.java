package dev.evertoken.dev;

/** A place of the simulated provider that can be called. */
public enum Endpoint {
  TOKEN("/token"),
  AUTHORIZE("/authorize"),
  REVOKE("/revoke"),
  LOAD("/v1internal:loadCodeAssist"),
  ONBOARD("/v1internal:onboardUser"),
  /** The second address of project discovery, for fail-over from the first. */
  LOAD_DAILY("/daily/v1internal:loadCodeAssist"),
  ONBOARD_DAILY("/daily/v1internal:onboardUser");

  private final String path;

  Endpoint(String path) {
    this.path = path;
  }

  public String path() {
    return path;
  }
}
