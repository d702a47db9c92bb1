package dev.evertoken.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an answer of a token endpoint means (semantics, section 3, the table of classes). */
public sealed interface Judgement {

  /**
   * Whether the provider understood the request, so that its route works: a token, or a refusal
   * with a known code.
   */
  default boolean understood() {
    return switch (this) {
      case Tokens t -> true;
      case Successor s -> true;
      case Permanent p -> true;
      case ProviderConfig c -> true;
      case Refused r -> false;
      case Transient t -> false;
      case Throttled t -> false;
      case Unknown u -> false;
      case Unreadable u -> false;
    };
  }

  /** How the answer differs from the template; empty for one without tokens. */
  default List<String> oddities() {
    return switch (this) {
      case Tokens tokens -> tokens.findings().oddities();
      case Successor successor -> successor.findings().oddities();
      case Permanent p -> List.of();
      case ProviderConfig c -> List.of();
      case Refused r -> List.of();
      case Transient t -> List.of();
      case Throttled t -> List.of();
      case Unknown u -> List.of();
      case Unreadable u -> List.of();
    };
  }

  /** The next refresh token, if one came. */
  default @Nullable Secret nextRefreshToken() {
    return switch (this) {
      case Tokens tokens -> tokens.refreshToken();
      case Successor successor -> successor.next().token();
      case Permanent p -> null;
      case ProviderConfig c -> null;
      case Refused r -> null;
      case Transient t -> null;
      case Throttled t -> null;
      case Unknown u -> null;
      case Unreadable u -> null;
    };
  }

  /** A usable access token (RFC 6749, section 5.1). */
  record Tokens(AccessGrant access, @Nullable NextRefreshToken next, Findings findings)
      implements Judgement {

    public Secret accessToken() {
      return access.token();
    }

    /** The next refresh token; null: the presented one stays. */
    public @Nullable Secret refreshToken() {
      return next == null ? null : next.token();
    }

    public @Nullable Duration lifetime() {
      return access.lifetime();
    }

    public @Nullable String projectId() {
      return findings.projectId();
    }

    public @Nullable String warning() {
      return findings.warning();
    }
  }

  /** A new refresh token without a usable access token. */
  record Successor(NextRefreshToken next, String why, Findings findings) implements Judgement {}

  /**
   * The grant is gone.
   *
   * @param code the provider's
   * @param generic a word such as {@code access_denied} that by itself proves nothing
   */
  record Permanent(String code, boolean generic) implements Judgement {}

  /** A 4xx of a known form whose code says nothing: often enough, it is the account's. */
  record Refused(int status, @Nullable String code) implements Judgement {}

  /** Our client or its settings were refused. */
  record ProviderConfig(String code) implements Judgement {}

  /**
   * The provider answered that it did not do it; trying again is safe.
   *
   * @param retryAfter of a 503, not clamped, or null
   * @param fault what kind of failure of the route this is
   */
  record Transient(String why, @Nullable Duration retryAfter, RouteFault fault)
      implements Judgement {}

  /**
   * Asked to wait.
   *
   * @param retryAfter as the provider said, not clamped; null: it did not say
   */
  record Throttled(@Nullable Duration retryAfter) implements Judgement {}

  /** The refresh token may have been spent, and nothing came that could hold its successor. */
  record Unknown(String why) implements Judgement {}

  /** A 2xx that may hold a successor which nobody can read. */
  record Unreadable(String why) implements Judgement {}

  /**
   * An access token and how long it lives.
   *
   * @param type as the provider names it; {@code Bearer} where it said nothing or any spelling of
   *     that
   * @param lifetime zero when it has already ended; null: it does not end
   */
  record AccessGrant(Secret token, String type, @Nullable Duration lifetime) {}

  /**
   * The refresh token that follows the presented one.
   *
   * @param expiresAt when it ends by itself, as far as the answer says, or null
   */
  record NextRefreshToken(Secret token, @Nullable Instant expiresAt) {}

  /**
   * What else an answer tells.
   *
   * @param refreshTokenExpiresAt the end of the refresh token in force where the answer tells it,
   *     also of one that stays; or null
   * @param projectId where the provider sends one along, or null
   * @param warning what was odd, for {@code last_refresh}; or null
   * @param oddities how the answer differs from the template, as kinds for {@code
   *     provider_unlike_template}
   */
  record Findings(
      @Nullable Instant refreshTokenExpiresAt,
      @Nullable String projectId,
      @Nullable String warning,
      List<String> oddities) {
    public static final Findings NONE = new Findings(null, null, null, List.of());

    public Findings {
      oddities = List.copyOf(oddities);
    }
  }
}
