package dev.evertoken.domain;

/** In what way an exchange failed by its route, as the route's evidence keeps it. */
public enum RouteFault {
  /** No connection to the provider: DNS, TCP, TLS, or a proxy that cannot reach it. */
  CONNECT,
  /** A status that blames the server: 408 or 5xx. */
  STATUS,
  /** A page, or JSON without a known code, instead of an answer. */
  PAGE,
  /** Sent, and no answer came. */
  NO_ANSWER,
  /** Tokens that nobody can read. */
  UNREADABLE,
  /** The proxy itself refused, timed out or misbehaved. */
  PROXY
}
