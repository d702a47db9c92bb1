package dev.evertoken.domain;

/** What to do with a token request, given one revision of the account. */
public sealed interface Verdict {

  /**
   * Answer now; {@code refreshBehind}: and start the refresh that is due without waiting for it.
   */
  record Serve(TokenAnswer answer, boolean refreshBehind) implements Verdict {}

  /** Refresh first; if that brings nothing, {@link Serving#fallback} decides. */
  record Refresh(Reason reason) implements Verdict {}

  record Refuse(Problem problem) implements Verdict {}

  /** Why a refresh is needed before an answer. */
  enum Reason {
    /** No token is valid, or the one there ends within the skew. */
    ENDING(false),
    /** It ends before the time that the caller wants. */
    TOO_SHORT(true),
    /** The caller says that it is no good. */
    REJECTED_BY_CALLER(true);

    private final boolean forced;

    Reason(boolean forced) {
      this.forced = forced;
    }

    /** Whether the caller, not the token's age, asks for it; such refreshes are rationed. */
    public boolean forced() {
      return forced;
    }
  }
}
