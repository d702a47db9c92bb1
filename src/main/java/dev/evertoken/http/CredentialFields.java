package dev.evertoken.http;

import dev.evertoken.domain.Secret;
import dev.evertoken.port.AccountStore.Field;
import dev.evertoken.wire.RequestFields;
import dev.evertoken.wire.Times;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code credentials}: each field is null when it is not given, and a {@link Field} of null
 * when it is given as null or blank.
 */
record CredentialFields(
    @Nullable Field<Secret> refreshToken,
    @Nullable Field<Secret> accessToken,
    @Nullable Field<Secret> apiKey,
    @Nullable Field<Instant> expiresAt,
    @Nullable Field<Instant> refreshTokenExpiresAt,
    @Nullable Field<String> projectId,
    @Nullable Field<String> email) {

  static final CredentialFields NONE =
      new CredentialFields(null, null, null, null, null, null, null);

  /** What clears everything, as a merge patch with {@code "credentials": null} asks. */
  static final CredentialFields CLEARED =
      new CredentialFields(
          new Field<>(null),
          new Field<>(null),
          new Field<>(null),
          new Field<>(null),
          new Field<>(null),
          new Field<>(null),
          new Field<>(null));

  private static final int LONGEST = 200;
  private static final int LONGEST_SECRET = 16 * 1024;
  private static final long FIRST_MILLIS = 100_000_000_000L;

  static CredentialFields of(RequestFields fields) {
    return new CredentialFields(
        secret(fields, "refresh_token"),
        secret(fields, "access_token"),
        secret(fields, "api_key"),
        expiry(fields, "expires_at"),
        expiry(fields, "refresh_token_expires_at"),
        text(fields, "project_id"),
        text(fields, "email"));
  }

  /** A token goes into headers: what no header can carry is refused before it is kept. */
  private static @Nullable Field<Secret> secret(RequestFields fields, String name) {
    if (!fields.given(name)) {
      return null;
    }
    Object value = fields.any(name);
    if (value == null || (value instanceof String text && text.isBlank())) {
      return new Field<>(null);
    }
    if (!(value instanceof String text)) {
      fields.malformed(name, "a string is expected");
      return null;
    }
    if (text.length() > LONGEST_SECRET) {
      fields.invalid(name, "at most " + LONGEST_SECRET + " characters are allowed");
      return null;
    }
    if (!text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      fields.invalid(name, "only printable ASCII is allowed");
      return null;
    }
    return new Field<>(Secret.of(text));
  }

  private static @Nullable Field<String> text(RequestFields fields, String name) {
    return fields.given(name) ? new Field<>(PlainText.of(fields, name, LONGEST)) : null;
  }

  /**
   * The expiry. One that nobody can read (missing, junk, milliseconds) is none: the first request
   * refreshes, and a readable one is stored.
   */
  private static @Nullable Field<Instant> expiry(RequestFields fields, String name) {
    if (!fields.given(name)) {
      return null;
    }
    Object value = fields.any(name);
    if (value != null && !(value instanceof String) && !(value instanceof Number)) {
      fields.malformed(name, "an RFC 3339 time or epoch seconds are expected");
      return null;
    }
    return new Field<>(value == null ? null : instant(text(value)));
  }

  /** Without the exponent in which a floating number may print. */
  private static String text(Object value) {
    String text = value.toString().strip();
    return value instanceof Number ? new BigDecimal(text).toPlainString() : text;
  }

  private static @Nullable Instant instant(String text) {
    if (!text.matches("[0-9]{1,15}(\\.[0-9]{1,9})?")) {
      return Times.parse(text);
    }
    long seconds = Long.parseLong(text.split("\\.", 2)[0]);
    return seconds >= FIRST_MILLIS ? null : Instant.ofEpochSecond(seconds);
  }

  /** The value of a field; null when it is not given or cleared. */
  static <T> @Nullable T value(@Nullable Field<T> field) {
    return field == null ? null : field.value();
  }
}
