package dev.evertoken.dev;

import java.time.Instant;

/**
 * One arrival of a refresh token at the simulated provider.
 *
 * @param number counts presentations from 1, in the order in which they were decided
 * @param at when it was decided
 * @param family the family of the token, empty if the token is unknown
 * @param token the token's number in its family, from 1; 0 if unknown
 * @param source the caller's socket
 * @param repeated whether the token was spent already
 * @param outcome what was decided
 */
public record Presentation(
    long number,
    Instant at,
    String family,
    int token,
    String source,
    boolean repeated,
    Outcome outcome) {
  /** What the provider decided. */
  public enum Outcome {
    /** Good; it is spent now and has a successor. */
    ROTATED,
    /** Good, and stays so. */
    KEPT,
    /** Spent, but forgiven: the live token was given again. */
    FORGIVEN,
    /** Spent. */
    REFUSED_SPENT,
    /** Its family has ended. */
    REFUSED_REVOKED,
    /** It was left unused too long. */
    REFUSED_IDLE,
    /** Never issued. */
    REFUSED_UNKNOWN,
    /** A fault kept the request from taking effect. */
    NOT_PROCESSED
  }
}
