package dev.evertoken.domain;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says what an answer of a token endpoint means, by its status and the error code in its JSON,
 * never by words in a body (semantics, section 3).
 *
 * <p>The status goes first: no 5xx, 408, 429 or redirect is read any further, so an {@code
 * invalid_grant} inside a 500 ends no grant. A 200 with an error code is an error (GitHub). A 4xx
 * whose code says nothing is transient, also 401 and 403: firewalls and egress filters answer so.
 */
public final class Judge {

  private static final int LONGEST_TOKEN = 16 * 1024;
  private static final int LONGEST_PROJECT = 256;

  private final ProviderAnswer answer;
  private final Platform platform;

  private Judge(ProviderAnswer answer, Platform platform) {
    this.answer = answer;
    this.platform = platform;
  }

  /** The meaning of one answer to one refresh. */
  public static Judgement judge(ProviderAnswer answer, Platform platform) {
    return new Judge(answer, platform).byStatus();
  }

  private Judgement byStatus() {
    int status = answer.status();
    return switch (status) {
      case 408, 500, 501, 503 -> new Judgement.Transient("status " + status, answer.retryAfter(), RouteFault.STATUS);
      case 429 -> throttled();
      // A gateway says so when the provider itself may have done its work.
      case 502, 504 -> undone("status " + status);
      default -> byHundred(status);
    };
  }

  private Judgement byHundred(int status) {
    return switch (status / 100) {
      case 2 -> success();
      case 3 -> new Judgement.ProviderConfig("redirect");
      case 4 -> refusal();
      case 5 -> new Judgement.Transient("status " + status, answer.retryAfter(), RouteFault.STATUS);
      default -> undone("status " + status);
    };
  }

  private Judgement success() {
    Map<String, Object> json = answer.json();
    if (json == null) {
      return undone("the answer is not a JSON object");
    }
    if (!(json.get("access_token") instanceof String token) || !usable(token)) {
      return ErrorCode.of(json) == null ? undone("no usable access token") : refusal();
    }
    if (!bearer(json.get("token_type"))) {
      return undone("the token is not a bearer token");
    }
    return tokens(json, token);
  }

  private Judgement tokens(Map<String, Object> json, String token) {
    Lifetime lifetime = Lifetime.of(json, platform.expiresInDefault());
    String next = text(json.get("refresh_token"), Integer.MAX_VALUE);
    return new Judgement.Tokens(
        new Judgement.AccessGrant(Secret.of(token), "Bearer", lifetime.length()),
        next == null ? null : new Judgement.NextRefreshToken(Secret.of(next), null),
        new Judgement.Findings(null, project(json.get("project_id")), lifetime.warning(), List.of()));
  }

  private Judgement refusal() {
    String code = answer.json() == null ? null : ErrorCode.of(answer.json());
    if (code == null) {
      return new Judgement.Transient("status " + answer.status(), null, RouteFault.PAGE);
    }
    return switch (ErrorCode.meaning(code)) {
      case PERMANENT -> new Judgement.Permanent(code, false);
      case PROVIDER_CONFIG -> new Judgement.ProviderConfig(code);
      case THROTTLED -> throttled();
      case OTHER -> new Judgement.Refused(answer.status(), code);
    };
  }

  private Judgement throttled() {
    return new Judgement.Throttled(answer.retryAfter());
  }

  /** Nothing came of it as far as we can see; whether the refresh token was spent is open. */
  private Judgement undone(String why) {
    return switch (platform.rotation()) {
      case Rotation.None none -> new Judgement.Transient(why, null, RouteFault.PAGE);
      case Rotation.Grace grace -> new Judgement.Unknown(why);
      case Rotation.Strict strict -> new Judgement.Unknown(why);
    };
  }

  /** Fit for a header: visible ASCII and spaces (RFC 6749, appendix A.12). */
  private static boolean usable(String token) {
    return !token.isBlank()
        && token.length() <= LONGEST_TOKEN
        && token.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
  }

  private static boolean bearer(@Nullable Object type) {
    return type == null || (type instanceof String name && name.equalsIgnoreCase("bearer"));
  }

  /** One that could not be stored would hold up the tokens that came with it. */
  private static @Nullable String project(@Nullable Object value) {
    String project = text(value, LONGEST_PROJECT);
    boolean clean =
        project != null
            && project
                .codePoints()
                .noneMatch(
                    c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    return clean ? project : null;
  }

  private static @Nullable String text(@Nullable Object value, int longest) {
    return value instanceof String text && !text.isBlank() && text.length() <= longest
        ? text
        : null;
  }
}
