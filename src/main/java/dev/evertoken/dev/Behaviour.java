package dev.evertoken.dev;

import java.time.Duration;
import java.util.Objects;

/**
 * How the simulated provider treats a refresh-token family.
 *
 * @param rotation what becomes of a used refresh token
 * @param reuseDetection whether a spent refresh token, presented again, ends its family
 * @param refreshTokenIdle a live refresh token dies when unused this long; zero is never
 * @param delay from the decision to its answer
 * @param lifetime how long an access token really lives
 * @param expiresIn what the answer says of that
 * @param omitRefreshToken leaves a new refresh token out of the answer
 * @param omitAccessToken leaves the access token out of the answer
 * @param project how the project endpoints answer
 */
public record Behaviour(
    ProviderRotation rotation,
    boolean reuseDetection,
    Duration refreshTokenIdle,
    Duration delay,
    Duration lifetime,
    ExpiresIn expiresIn,
    boolean omitRefreshToken,
    boolean omitAccessToken,
    ProjectAnswers project) {
  /** Strict rotation with reuse detection, one-hour tokens, no delay. */
  public static final Behaviour DEFAULT =
      new Behaviour(
          ProviderRotation.strict(),
          true,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofHours(1),
          ExpiresIn.honest(),
          false,
          false,
          ProjectAnswers.READY);

  public Behaviour {
    Objects.requireNonNull(rotation);
    Objects.requireNonNull(expiresIn);
    Objects.requireNonNull(project);
    if (refreshTokenIdle.isNegative() || delay.isNegative() || lifetime.isNegative()) {
      throw new IllegalArgumentException("A duration is negative");
    }
  }

  /** A changeable copy. */
  public BehaviourDraft draft() {
    return new BehaviourDraft(this);
  }
}
