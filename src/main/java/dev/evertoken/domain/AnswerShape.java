package dev.evertoken.domain;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a provider's answers differ from RFC 6749, as its template says.
 *
 * @param places where members are, as dotted paths; a field that is missing is looked for
 * @param ok the member that tells success, or null
 * @param permanent refusals that mean that the grant is gone, beside the built-in ones
 * @param expiresInUnit in what {@code expires_in} counts
 * @param zeroIsNever whether a lifetime of zero means that the token does not end
 * @param lifetimeExpected whether an answer without a lifetime is unlike the template
 */
public record AnswerShape(
    Map<Field, String> places,
    @Nullable Mark ok,
    List<Refusal> permanent,
    Unit expiresInUnit,
    boolean zeroIsNever,
    boolean lifetimeExpected) {

  /** A provider that follows RFC 6749, and others that can be read without a word from anyone. */
  public static final AnswerShape DEFAULT =
      new AnswerShape(Map.of(), null, List.of(), Unit.AUTO, false, false);

  public AnswerShape {
    places = Map.copyOf(places);
    permanent = List.copyOf(permanent);
  }

  /** What can be anywhere. */
  public enum Field {
    ACCESS_TOKEN,
    REFRESH_TOKEN,
    EXPIRES_IN,
    ERROR
  }

  /** In what {@code expires_in} counts. */
  public enum Unit {
    AUTO,
    S,
    MS
  }

  /** A member whose value tells whether the request succeeded. */
  public record Mark(String at, String equals) {}

  /** A refusal: a status, a place and what is there. */
  public record Refusal(int status, String at, String equals) {}
}
