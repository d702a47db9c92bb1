package dev.evertoken.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An account for tests of the rules: an active one with a token of an hour, changed as the test
 * says.
 */
public final class AccountDraft {

  public static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  private long id = 7;
  private AccountType type = AccountType.OAUTH;
  private AccountStatus status = AccountStatus.ACTIVE;
  private boolean paused;
  private int priority = 50;
  private @Nullable Secret apiKey;
  private @Nullable Instant expiresAt = NOW.plus(Duration.ofMinutes(40));
  private @Nullable Duration lifetime = Duration.ofHours(1);
  private @Nullable Long rejected;
  private @Nullable Instant notBefore;
  private @Nullable Instant unknownSince;
  private @Nullable Instant unreadableSince;
  private String tokenType = AccessToken.BEARER;
  private long generation = 12;
  private long revision = 20;
  private final List<Bench> benches = new ArrayList<>();

  public static AccountDraft account() {
    return new AccountDraft();
  }

  public AccountDraft id(long value) {
    id = value;
    return this;
  }

  public AccountDraft revision(long value) {
    revision = value;
    return this;
  }

  public AccountDraft left(Duration left) {
    expiresAt = NOW.plus(left);
    return this;
  }

  public AccountDraft expiresAt(@Nullable Instant at) {
    expiresAt = at;
    return this;
  }

  public AccountDraft lifetime(@Nullable Duration value) {
    lifetime = value;
    return this;
  }

  public AccountDraft staticKey(@Nullable String key) {
    type = AccountType.UPSTREAM;
    apiKey = key == null ? null : Secret.of(key);
    expiresAt = null;
    return this;
  }

  public AccountDraft status(AccountStatus value) {
    status = value;
    return this;
  }

  public AccountDraft paused() {
    paused = true;
    return this;
  }

  public AccountDraft priority(int value) {
    priority = value;
    return this;
  }

  public AccountDraft rejected(long upTo) {
    rejected = upTo;
    return this;
  }

  public AccountDraft restsUntil(Instant at) {
    notBefore = at;
    return this;
  }

  public AccountDraft unknownSince(Instant at) {
    unknownSince = at;
    return this;
  }

  /** Its last answer is kept and cannot be read. */
  public AccountDraft unreadableSince(Instant at) {
    unknownSince = at;
    unreadableSince = at;
    return this;
  }

  public AccountDraft tokenType(String value) {
    tokenType = value;
    return this;
  }

  public AccountDraft benched(BenchCause cause, Duration length) {
    benches.add(new Bench(cause, NOW.plus(length), "a reason", NOW, Trigger.REQUEST, null));
    return this;
  }

  public Account build() {
    Credentials credentials =
        new Credentials(
            generation,
            new AccessToken(
                type == AccountType.OAUTH ? Secret.of("at-12") : null,
                tokenType,
                expiresAt,
                lifetime,
                rejected,
                null),
            new RefreshTokenState(
                type == AccountType.OAUTH,
                3,
                null,
                new RefreshTokenState.Doubt(unknownSince, 0, unreadableSince)),
            apiKey,
            new RefreshSchedule(null, notBefore, null),
            null,
            FailureHistory.NONE);
    return new Account(
        id,
        new UUID(0, id),
        "acme",
        type,
        "blue",
        status,
        null,
        paused,
        priority,
        List.of(),
        null,
        null,
        null,
        null,
        revision,
        credentials,
        new Benches(benches),
        null,
        NOW,
        NOW);
  }
}
