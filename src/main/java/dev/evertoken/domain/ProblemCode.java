package dev.evertoken.domain;

/** The kinds of refusal that a caller can meet, each with its HTTP status (contract, section 5). */
public enum ProblemCode {
  MALFORMED_REQUEST(400, false, "The request cannot be read"),
  UNAUTHENTICATED(401, false, "A valid API key is needed"),
  FORBIDDEN(403, false, "The API key lacks the scope"),
  NOT_FOUND(404, false, "There is no such thing"),
  METHOD_NOT_ALLOWED(405, false, "The method is not allowed here"),
  NOT_ACCEPTABLE(406, false, "No acceptable form of the answer"),
  CONFLICT(409, false, "It was changed or is in use"),
  ACCOUNT_DISABLED(409, false, "The account is disabled"),
  PRECONDITION_FAILED(412, false, "It has changed since it was read"),
  CONTENT_TOO_LARGE(413, false, "The body is too large"),
  URI_TOO_LONG(414, false, "The request line is too long"),
  UNSUPPORTED_MEDIA_TYPE(415, false, "The body must be JSON"),
  INVALID(422, false, "A value is not possible"),
  REAUTHORIZATION_REQUIRED(424, false, "A person must authorise the account again"),
  RATE_LIMITED(429, true, "Too many requests"),
  HEADERS_TOO_LARGE(431, false, "The headers are too large"),
  INTERNAL(500, false, "An internal error"),
  TEMPORARILY_UNSCHEDULABLE(503, true, "The account is benched"),
  POOL_EXHAUSTED(503, true, "Every account of the pool is out"),
  REFRESH_FAILED(503, true, "The refresh failed"),
  PROXY_UNAVAILABLE(503, true, "The proxy cannot be used"),
  PROXY_MISSING(503, false, "The proxy of the account is missing"),
  PROVIDER_UNAVAILABLE(503, true, "The provider cannot be used"),
  STORAGE_UNAVAILABLE(503, true, "The storage cannot be used"),
  KEY_UNAVAILABLE(503, true, "A stored secret cannot be opened"),
  OUTCOME_UNKNOWN(503, true, "It is not known whether the refresh token was spent"),
  REFRESH_IN_PROGRESS(503, true, "A refresh is running"),
  OVERLOADED(503, true, "This node has too much to do"),
  SHUTTING_DOWN(503, true, "The node is shutting down"),
  REFRESH_TIMEOUT(504, true, "The wait for the refresh ended");

  private final int status;
  private final boolean retryable;
  private final String title;

  ProblemCode(int status, boolean retryable, String title) {
    this.status = status;
    this.retryable = retryable;
    this.title = title;
  }

  public int status() {
    return status;
  }

  public boolean retryable() {
    return retryable;
  }

  public String title() {
    return title;
  }

  /** Whether our own storage, keyset or load is at fault: nobody is benched or marked for that. */
  public boolean ofStorage() {
    return this == STORAGE_UNAVAILABLE || this == KEY_UNAVAILABLE || this == OVERLOADED;
  }

  public String code() {
    return WireName.of(this);
  }
}
