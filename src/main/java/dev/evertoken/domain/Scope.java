package dev.evertoken.domain;

import java.util.Optional;

/** What an API key may open. */
public enum Scope {
  TOKEN_READ("token:read"),
  ACCOUNTS_READ("accounts:read"),
  ACCOUNTS_WRITE("accounts:write"),
  EVENTS_READ("events:read"),
  AUDIT_READ("audit:read"),
  METRICS_READ("metrics:read"),
  ADMIN("admin");

  private final String wire;

  Scope(String wire) {
    this.wire = wire;
  }

  public String wire() {
    return wire;
  }

  public static Optional<Scope> parse(String text) {
    for (Scope scope : values()) {
      if (scope.wire.equals(text)) {
        return Optional.of(scope);
      }
    }
    return Optional.empty();
  }
}
