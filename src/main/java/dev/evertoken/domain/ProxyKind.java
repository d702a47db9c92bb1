package dev.evertoken.domain;

/**
 * How a proxy is spoken to: HTTP CONNECT in the clear, HTTP CONNECT inside TLS, or SOCKS5 (RFC
 * 1928, 1929).
 */
public enum ProxyKind {
  HTTP,
  HTTPS,
  SOCKS5
}
