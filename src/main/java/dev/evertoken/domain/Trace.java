package dev.evertoken.domain;

/** Names the request on whose behalf something is done, for the lines of the log. */
public interface Trace {

  /** The trace id, 32 hexadecimal digits; the same at each call. */
  String id();
}
