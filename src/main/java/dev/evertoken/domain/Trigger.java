package dev.evertoken.domain;

/** Who asked for a refresh or set a bench. */
public enum Trigger {
  REQUEST,
  BACKGROUND,
  REPORT,
  OPERATOR
}
