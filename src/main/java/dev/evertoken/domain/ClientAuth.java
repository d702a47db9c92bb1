package dev.evertoken.domain;

/** How we authenticate at a token endpoint (RFC 6749, section 2.3.1). */
public enum ClientAuth {
  POST,
  BASIC,
  NONE
}
