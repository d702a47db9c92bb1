package dev.evertoken.domain;

import dev.evertoken.domain.TokenRules.OldAccessToken;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An upstream provider as its template tells.
 *
 * @param clientSecrets tried in order when the first is refused; empty for a public client
 * @param expiresInDefault the lifetime where the provider omits {@code expires_in}; null: such a
 *     token does not end
 * @param refreshTokenIdle a refresh token dies when unused this long; zero: never
 * @param dialect what the provider does in its own way
 * @param missingVariables environment variables that the template needs and that are unset; not
 *     empty: unconfigured
 */
public record Platform(
    String name,
    URI tokenUrl,
    @Nullable URI authorizationUrl,
    @Nullable URI revocationUrl,
    String clientId,
    List<Secret> clientSecrets,
    ClientAuth clientAuth,
    List<String> scopes,
    boolean pkce,
    Map<String, String> extraTokenParams,
    @Nullable Duration expiresInDefault,
    Rotation rotation,
    Duration refreshTokenIdle,
    RefreshPolicy refresh,
    Limits limits,
    BreakerPolicy breaker,
    List<ReportRule> rules,
    @Nullable ProjectPolicy project,
    Dialect dialect,
    List<String> missingVariables) {

  /** A platform that follows RFC 6749. */
  public Platform(
      String name,
      URI tokenUrl,
      @Nullable URI authorizationUrl,
      @Nullable URI revocationUrl,
      String clientId,
      List<Secret> clientSecrets,
      ClientAuth clientAuth,
      List<String> scopes,
      boolean pkce,
      Map<String, String> extraTokenParams,
      @Nullable Duration expiresInDefault,
      Rotation rotation,
      Duration refreshTokenIdle,
      RefreshPolicy refresh,
      Limits limits,
      BreakerPolicy breaker,
      List<ReportRule> rules,
      @Nullable ProjectPolicy project,
      List<String> missingVariables) {
    this(
        name,
        tokenUrl,
        authorizationUrl,
        revocationUrl,
        clientId,
        clientSecrets,
        clientAuth,
        scopes,
        pkce,
        extraTokenParams,
        expiresInDefault,
        rotation,
        refreshTokenIdle,
        refresh,
        limits,
        breaker,
        rules,
        project,
        Dialect.DEFAULT,
        missingVariables);
  }

  public Platform {
    clientSecrets = List.copyOf(clientSecrets);
    scopes = List.copyOf(scopes);
    extraTokenParams = Map.copyOf(extraTokenParams);
    rules = List.copyOf(rules);
    missingVariables = List.copyOf(missingVariables);
  }

  public boolean configured() {
    return missingVariables.isEmpty();
  }

  /** The same, needing these variables. */
  public Platform withMissing(List<String> variables) {
    return new Platform(
        name,
        tokenUrl,
        authorizationUrl,
        revocationUrl,
        clientId,
        clientSecrets,
        clientAuth,
        scopes,
        pkce,
        extraTokenParams,
        expiresInDefault,
        rotation,
        refreshTokenIdle,
        refresh,
        limits,
        breaker,
        rules,
        project,
        dialect,
        variables);
  }

  /** The same with another dialect. */
  public Platform withDialect(Dialect other) {
    return new Platform(
        name,
        tokenUrl,
        authorizationUrl,
        revocationUrl,
        clientId,
        clientSecrets,
        clientAuth,
        scopes,
        pkce,
        extraTokenParams,
        expiresInDefault,
        rotation,
        refreshTokenIdle,
        refresh,
        limits,
        breaker,
        rules,
        project,
        other,
        missingVariables);
  }

  /** How its answers are read. */
  public AnswerShape answerShape() {
    return dialect.answer();
  }

  /** How its tokens are kept. */
  public TokenRules tokenRules() {
    return dialect.tokens();
  }

  /** How it is asked. */
  public RequestForm requestForm() {
    return dialect.request();
  }

  /** Where refreshes go. */
  public URI refreshUrl() {
    URI other = dialect.request().refreshUrl();
    return other == null ? tokenUrl : other;
  }

  public Margins margins(@Nullable Duration lifetime) {
    return dialect.tokens().oldAccessToken() == OldAccessToken.DIES
        ? Margins.late(refresh, lifetime)
        : Margins.of(refresh, lifetime);
  }

  /**
   * When a refresh token of an authorisation of that time ends in any case, given what is said of
   * it (null: nothing).
   */
  public @Nullable Instant refreshTokenEnd(@Nullable Instant said, Instant authorizedAt) {
    Duration maxAge = tokenRules().refreshTokenMaxAge();
    if (maxAge.isZero()) {
      return said;
    }
    Instant oldest = authorizedAt.plus(maxAge);
    return said == null || oldest.isBefore(said) ? oldest : said;
  }

  /** When a refresh token that was used at that time ends unless it is used again, or null. */
  public @Nullable Instant refreshTokenIdleEnd(Instant usedAt) {
    return refreshTokenIdle.isZero() ? null : usedAt.plus(refreshTokenIdle);
  }

  /** When the background refreshes a token of that stored expiry that comes now. */
  public Instant dueAt(
      Instant expiresAt, @Nullable Duration lifetime, long accountId, Instant now) {
    return beforeIdle(margins(lifetime).dueAt(expiresAt, accountId), now);
  }

  /**
   * That time, or an earlier one where a refresh token that was used now would die unused by then:
   * it is used twice in that time.
   */
  public Instant beforeIdle(Instant due, Instant now) {
    Instant twice = refreshTokenIdle.isZero() ? due : now.plus(refreshTokenIdle.dividedBy(2));
    return twice.isBefore(due) ? twice : due;
  }
}
