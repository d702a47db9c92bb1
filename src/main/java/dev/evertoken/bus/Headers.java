package dev.evertoken.bus;

/** The message headers that Evertoken reads. */
final class Headers {

  /** {@code reply}: a failure comes as a reply {@code {"problem":{…}}}. */
  static final String FAILURES = "failures";

  static final String FAILURES_AS_REPLY = "reply";

  /** {@code Bearer evt_…}, where the bus wants a key. */
  static final String AUTHORIZATION = "authorization";

  /** W3C Trace Context. */
  static final String TRACEPARENT = "traceparent";

  /** The name by which a member of the bus wants to be audited. */
  static final String NODE = "node";

  private Headers() {}
}
