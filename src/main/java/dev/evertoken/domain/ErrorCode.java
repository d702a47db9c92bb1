package dev.evertoken.domain;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The error code in the JSON answer of a token endpoint, and what codes of that name mean.
 *
 * <p>{@code error} is a string (RFC 6749, section 5.2) or, at some providers, an object that holds
 * the code as {@code code}, {@code type} or {@code status}. Only names are believed to be codes:
 * letters and underscores, so that no token that a provider echoes can pass as one.
 */
final class ErrorCode {

  /** The grant is gone: a person must authorise again. */
  private static final Set<String> PERMANENT =
      Set.of(
          "invalid_grant",
          "access_denied",
          // Of one provider each: GitHub, OpenAI and those who copy them.
          "bad_refresh_token",
          "refresh_token_reused",
          "refresh_token_expired",
          "refresh_token_invalidated",
          "refresh_token_revoked",
          "invalid_refresh_token",
          "expired_token",
          "token_expired",
          "token_revoked",
          "revoked_token",
          // OpenID Connect Core, section 3.1.2.6: Entra ID answers refreshes with them.
          "interaction_required",
          "login_required",
          "consent_required");

  /**
   * Our client or its settings are refused. Not {@code invalid_request}: some providers say so to a
   * malformed refresh token, and one such account must not suspend its platform.
   */
  private static final Set<String> PROVIDER_CONFIG =
      Set.of(
          "invalid_client",
          "unauthorized_client",
          "invalid_scope",
          "unsupported_grant_type",
          "incorrect_client_credentials");

  private static final Set<String> THROTTLED =
      Set.of(
          "slow_down",
          "rate_limited",
          "rate_limit_exceeded",
          "rate_limit_error",
          "too_many_requests",
          "resource_exhausted");

  private ErrorCode() {}

  /** What kind of refusal a code tells. */
  enum Meaning {
    PERMANENT,
    PROVIDER_CONFIG,
    THROTTLED,
    OTHER
  }

  /** The code of an answer in lower case; null when it has none. */
  static @Nullable String of(Map<String, Object> json) {
    return switch (json.get("error")) {
      case String code -> name(code);
      case Map<?, ?> error -> first(error.get("code"), error.get("type"), error.get("status"));
      case null, default -> null;
    };
  }

  static Meaning meaning(String code) {
    if (PERMANENT.contains(code)) {
      return Meaning.PERMANENT;
    }
    if (PROVIDER_CONFIG.contains(code)) {
      return Meaning.PROVIDER_CONFIG;
    }
    return THROTTLED.contains(code) ? Meaning.THROTTLED : Meaning.OTHER;
  }

  private static @Nullable String first(@Nullable Object... candidates) {
    for (Object candidate : candidates) {
      String code = candidate instanceof String text ? name(text) : null;
      if (code != null) {
        return code;
      }
    }
    return null;
  }

  private static @Nullable String name(String text) {
    return text.matches("[A-Za-z_]{1,40}") ? text.toLowerCase(Locale.ROOT) : null;
  }
}
