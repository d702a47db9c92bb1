package dev.evertoken.domain;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The times in an access token that is a JWT (RFC 7519); nothing else of it is looked at, and
 * nothing is verified.
 *
 * @param expiresAt {@code exp}, in epoch seconds
 * @param issuedAt {@code iat}, in epoch seconds, or null
 */
record Jwt(BigDecimal expiresAt, @Nullable BigDecimal issuedAt) {

  private static final BigDecimal MILLIS = BigDecimal.valueOf(100_000_000_000L);

  /** The times of a token; null when it is no JWT or does not say when it ends. */
  static @Nullable Jwt of(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3 || !json(parts[0]).containsKey("alg")) {
      return null;
    }
    Map<String, Object> claims = json(parts[1]);
    BigDecimal end = seconds(claims.get("exp"));
    return end == null ? null : new Jwt(end, seconds(claims.get("iat")));
  }

  private static @Nullable BigDecimal seconds(@Nullable Object claim) {
    BigDecimal said = Numbers.said(claim);
    return said != null && said.compareTo(MILLIS) >= 0 ? said.movePointLeft(3) : said;
  }

  private static Map<String, Object> json(String part) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(part.replaceAll("=+$", ""));
      Object value = LenientJson.parse(new String(bytes, StandardCharsets.UTF_8), 0).value();
      return AnswerTree.object(value, Map.of());
    } catch (IllegalArgumentException notBase64) {
      return Map.of();
    }
  }
}
