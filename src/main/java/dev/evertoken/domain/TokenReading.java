package dev.evertoken.domain;

import dev.evertoken.domain.Judgement.AccessGrant;
import dev.evertoken.domain.Judgement.NextRefreshToken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tokens of one answer with their lifetimes, type and whatever else it tells. */
final class TokenReading {

  private static final String BEARER = "Bearer";
  private static final int LONGEST_TOKEN = 64 * 1024;
  private static final int LONGEST_TYPE = 64;
  private static final int LONGEST_PROJECT = 256;

  private final FoundTokens found;
  private final Platform platform;
  private final Lifetime lifetime;
  private final @Nullable Instant refreshTokenEnd;
  private final String type;

  private TokenReading(
      FoundTokens found,
      Platform platform,
      Lifetime lifetime,
      @Nullable Instant refreshTokenEnd,
      String type) {
    this.found = found;
    this.platform = platform;
    this.lifetime = lifetime;
    this.refreshTokenEnd = refreshTokenEnd;
    this.type = type;
  }

  static TokenReading of(AnswerTree tree, FoundTokens found, AnswerTimes times, Platform platform) {
    Map<String, Object> beside = found.beside();
    String token = found.access() == null ? "" : found.access();
    Lifetime lifetime =
        LifetimeReading.of(
            beside, Judge.placedExpiresIn(tree, platform.answerShape()), token, times, platform);
    return new TokenReading(
        found,
        platform,
        lifetime,
        RefreshTokenEnd.in(beside, times),
        type(AnswerTree.member(beside, "token_type")));
  }

  /** Why the access token cannot be used; null: it can. */
  @Nullable String flaw(boolean whole) {
    String access = found.access();
    if (access == null) {
      return "no access token is in the answer";
    }
    if (!usable(access)) {
      return "the access token does not fit a header";
    }
    if (type.equalsIgnoreCase("dpop")) {
      return "the access token is bound to a key (DPoP)";
    }
    // What was cut off may have been its end.
    return whole || lifetime.said() ? null : "the answer ends before the lifetime of its token";
  }

  AccessGrant access() {
    return new AccessGrant(
        Secret.of(found.access() == null ? "" : found.access()), type, lifetime.length());
  }

  @Nullable NextRefreshToken next() {
    return found.refresh() == null
        ? null
        : new NextRefreshToken(Secret.of(found.refresh()), refreshTokenEnd);
  }

  Judgement.Findings findings(boolean whole) {
    return new Judgement.Findings(
        refreshTokenEnd,
        project(AnswerTree.member(found.beside(), "project_id")),
        found.access() == null ? null : lifetime.warning(),
        oddities(whole));
  }

  /** Kinds for {@code provider_unlike_template}; stable names, never a value of the answer. */
  private List<String> oddities(boolean whole) {
    List<String> kinds = new ArrayList<>();
    if (found.refresh() != null && !platform.rotation().replaces()) {
      kinds.add("rotates_though_none");
    }
    if (whole && !lifetime.said() && platform.answerShape().lifetimeExpected()) {
      kinds.add("no_expires_in");
    }
    if (lifetime.unit() != Lifetime.Unit.SECONDS
        && platform.answerShape().expiresInUnit() == AnswerShape.Unit.AUTO) {
      kinds.add("expires_in_not_in_seconds");
    }
    if (!type.equals(BEARER)) {
      kinds.add("other_token_type");
    }
    if (found.elsewhere()) {
      kinds.add("tokens_elsewhere");
    }
    if (!whole) {
      kinds.add("answer_cut_short");
    }
    return kinds;
  }

  /** Fit for a header: visible ASCII and spaces (RFC 6749, appendix A.12). */
  private static boolean usable(String token) {
    return !token.isBlank()
        && token.length() <= LONGEST_TOKEN
        && token.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
  }

  /** The provider's own; one that could not be handed on says nothing. */
  private static String type(@Nullable Object value) {
    String said = value instanceof String text ? text.strip() : "";
    String plain = said.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
    boolean bearer = plain.isEmpty() || plain.equals("bearer") || plain.equals("bearertoken");
    boolean fit =
        said.length() <= LONGEST_TYPE && said.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
    return bearer || !fit ? BEARER : said;
  }

  /** One that could not be stored would hold up the tokens that came with it. */
  private static @Nullable String project(@Nullable Object value) {
    return value instanceof String project
            && !project.isBlank()
            && project.length() <= LONGEST_PROJECT
            && project
                .codePoints()
                .noneMatch(
                    c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)
        ? project
        : null;
  }
}
