package dev.evertoken.domain;

/**
 * Whether an account lives: {@code error} waits for a person to authorise again, {@code disabled}
 * is switched off.
 */
public enum AccountStatus {
  ACTIVE,
  ERROR,
  DISABLED
}
