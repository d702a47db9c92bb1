package dev.evertoken.domain;

/** How an account proves itself upstream: with refreshable tokens, or with a static API key. */
public enum AccountType {
  OAUTH,
  UPSTREAM
}
