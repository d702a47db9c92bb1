package dev.evertoken.bus;

/** The addresses on the event bus (contract, section 4); every message is plain JSON. */
public final class Addresses {

  /** The body of {@code POST /v1/token} → its answer. */
  public static final String TOKEN_GET = "evertoken.token.get";

  /** {@code {"account":7,…}} as in {@code POST /v1/accounts/7/reports} → its answer. */
  public static final String TOKEN_REPORT = "evertoken.token.report";

  /** State changes, published to every node; never a secret. */
  public static final String NOTICES = "evertoken.notices";

  private Addresses() {}
}
