package dev.evertoken.domain;

/** What a provider does in its own way: how it wants to be asked, how it answers, what it keeps. */
public record Dialect(RequestForm request, AnswerShape answer, TokenRules tokens) {

  /** RFC 6749, as written. */
  public static final Dialect DEFAULT =
      new Dialect(RequestForm.DEFAULT, AnswerShape.DEFAULT, TokenRules.DEFAULT);
}
