package dev.evertoken.boot.operator;

/** How a command ended, by kind of failure: its exit code. */
public enum Exit {
  DONE(0),
  FAILED(1),
  USAGE(2),
  NOT_FOUND(3),
  REFUSED(4),
  CONFLICT(5),
  INVALID(6),
  UNAVAILABLE(7),
  UNREACHABLE(8),
  REAUTHORIZE(9);

  private final int code;

  Exit(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** What a status of the service means for who asked. */
  static Exit of(int status) {
    return switch (status) {
      case 401, 403 -> REFUSED;
      case 404 -> NOT_FOUND;
      case 409, 412 -> CONFLICT;
      case 424 -> REAUTHORIZE;
      case 429, 502, 503, 504 -> UNAVAILABLE;
      default -> status >= 400 && status < 500 ? INVALID : FAILED;
    };
  }
}
