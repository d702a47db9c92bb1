package dev.evertoken.domain;

/**
 * How hard the whole cluster may press a platform's token endpoint: exchanges at once, and new ones
 * a second.
 */
public record Limits(int concurrency, double perSecond) {

  public static final Limits DEFAULT = new Limits(4, 2);
}
