package dev.evertoken.dev;

import java.time.Duration;
import java.util.Map;

/**
 * Something that goes wrong with calls of an endpoint.
 *
 * @param effect what the caller meets
 * @param processed whether the request takes effect first: its refresh token is then consumed
 *     although the caller never sees the proper answer
 * @param times how many calls it strikes
 */
public record Fault(Effect effect, boolean processed, int times) {
  /** What the caller meets. */
  public sealed interface Effect {
    /** An answer that is not the proper one. */
    record Reply(int status, Map<String, String> headers, String body) implements Effect {
      public Reply {
        headers = Map.copyOf(headers);
      }
    }

    /** The connection is closed without an answer. */
    record Drop() implements Effect {}

    /** The connection stays open without an answer. */
    record Hang() implements Effect {}

    /** The proper answer, headers at once and then one byte for each {@code interval}. */
    record Trickle(Duration interval) implements Effect {}

    /** The proper answer after {@code delay}. */
    record Delayed(Duration delay) implements Effect {}

    /** The proper answer once the gate is open. */
    record Held(Gate gate) implements Effect {}
  }

  private static final String JSON = "application/json";

  public Fault {
    if (times < 1) {
      throw new IllegalArgumentException("Not a number of calls: " + times);
    }
  }

  private static Fault reply(
      boolean processed, int status, Map<String, String> headers, String body) {
    return new Fault(new Effect.Reply(status, headers, body), processed, Integer.MAX_VALUE);
  }

  /** This answer; the request has no effect. */
  public static Fault reply(int status, Map<String, String> headers, String body) {
    return reply(false, status, headers, body);
  }

  /** This JSON answer; the request has no effect. */
  public static Fault json(int status, String body) {
    return reply(false, status, Map.of("content-type", JSON), body);
  }

  /** An OAuth error answer; the request has no effect. */
  public static Fault error(int status, String code) {
    return json(status, "{\"error\":\"" + code + "\"}");
  }

  /** 429 with {@code Retry-After} as given; the request has no effect. */
  public static Fault tooManyRequests(String retryAfter) {
    return reply(
        false,
        429,
        Map.of("content-type", JSON, "retry-after", retryAfter),
        "{\"error\":\"rate_limit_exceeded\"}");
  }

  /** A redirect; the request has no effect. */
  public static Fault redirect(int status, String location) {
    return reply(false, status, Map.of("location", location), "");
  }

  /** 200 with a page; the request has taken effect. */
  public static Fault html(String page) {
    return reply(true, 200, Map.of("content-type", "text/html"), page);
  }

  /** 200 with half a JSON object; the request has taken effect. */
  public static Fault brokenJson() {
    return reply(true, 200, Map.of("content-type", JSON), "{\"access_token\": \"cut");
  }

  /** 200 with a JSON body of that many bytes; the request has taken effect. */
  public static Fault oversized(int bytes) {
    String filler = "x".repeat(Math.max(0, bytes - 11));
    return reply(true, 200, Map.of("content-type", JSON), "{\"filler\":\"" + filler + "\"}");
  }

  /** The connection is closed without an answer; the request has taken effect. */
  public static Fault drop() {
    return new Fault(new Effect.Drop(), true, Integer.MAX_VALUE);
  }

  /** Never an answer; the request has no effect. */
  public static Fault hang() {
    return new Fault(new Effect.Hang(), false, Integer.MAX_VALUE);
  }

  /** The proper answer, a byte at a time. */
  public static Fault trickle(Duration interval) {
    return new Fault(new Effect.Trickle(interval), true, Integer.MAX_VALUE);
  }

  /** The proper answer later; the request has taken effect before. */
  public static Fault delayed(Duration delay) {
    return new Fault(new Effect.Delayed(delay), true, Integer.MAX_VALUE);
  }

  /** The proper answer once the gate is open; the request has taken effect before it. */
  public static Fault held(Gate gate) {
    return new Fault(new Effect.Held(gate), true, Integer.MAX_VALUE);
  }

  /** The same for the next {@code limit} calls only. */
  public Fault times(int limit) {
    return new Fault(effect, processed, limit);
  }

  /** The same with the request taking effect, or not. */
  public Fault processed(boolean effective) {
    return new Fault(effect, effective, times);
  }
}
