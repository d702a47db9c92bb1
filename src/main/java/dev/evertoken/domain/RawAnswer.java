package dev.evertoken.domain;

import java.util.Map;

/**
 * What one request to a token endpoint was answered with, before anything about it is judged: what
 * the escrow keeps and what a later version can read again.
 *
 * @param status the HTTP status; 0 when what came is not HTTP
 * @param headers the few that reading needs, by lower-case name: {@code content-type}, {@code
 *     content-encoding}, {@code date}, {@code retry-after}
 * @param body the bytes of the body, de-chunked but not decoded, one character (U+0000 to U+00FF)
 *     for each byte; holds secrets
 * @param end how the answer ended
 */
public record RawAnswer(int status, Map<String, String> headers, Secret body, End end) {

  /** How much of an answer arrived. */
  public enum End {
    /** All of it. */
    WHOLE,
    /** The head, and a part of the body. */
    CUT,
    /** A head that is not HTTP, or more than is ever kept: {@code body} is what came first. */
    UNREADABLE
  }

  public RawAnswer {
    headers = Map.copyOf(headers);
  }

  /** Whether the provider may have done what it was asked for: a 2xx, or nothing that tells. */
  public boolean mayHoldTokens() {
    return status == 0 || status / 100 == 2 || end != End.WHOLE;
  }

  /** The status alone: the rest may hold tokens. */
  @Override
  public String toString() {
    return "RawAnswer[status=" + status + ", end=" + end + "]";
  }
}
