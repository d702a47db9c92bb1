package dev.evertoken.dev;

import java.time.Duration;

/** A {@link Behaviour} while it is being changed; not safe for use by several threads. */
public final class BehaviourDraft {
  private ProviderRotation rotation;
  private boolean reuseDetection;
  private Duration refreshTokenIdle;
  private Duration delay;
  private Duration lifetime;
  private ExpiresIn expiresIn;
  private boolean omitRefreshToken;
  private boolean omitAccessToken;
  private ProjectAnswers project;

  BehaviourDraft(Behaviour from) {
    rotation = from.rotation();
    reuseDetection = from.reuseDetection();
    refreshTokenIdle = from.refreshTokenIdle();
    delay = from.delay();
    lifetime = from.lifetime();
    expiresIn = from.expiresIn();
    omitRefreshToken = from.omitRefreshToken();
    omitAccessToken = from.omitAccessToken();
    project = from.project();
  }

  public BehaviourDraft rotation(ProviderRotation changed) {
    rotation = changed;
    return this;
  }

  public BehaviourDraft reuseDetection(boolean changed) {
    reuseDetection = changed;
    return this;
  }

  public BehaviourDraft refreshTokenIdle(Duration changed) {
    refreshTokenIdle = changed;
    return this;
  }

  public BehaviourDraft delay(Duration changed) {
    delay = changed;
    return this;
  }

  public BehaviourDraft lifetime(Duration changed) {
    lifetime = changed;
    return this;
  }

  public BehaviourDraft expiresIn(ExpiresIn changed) {
    expiresIn = changed;
    return this;
  }

  public BehaviourDraft omitRefreshToken(boolean changed) {
    omitRefreshToken = changed;
    return this;
  }

  public BehaviourDraft omitAccessToken(boolean changed) {
    omitAccessToken = changed;
    return this;
  }

  public BehaviourDraft project(ProjectAnswers changed) {
    project = changed;
    return this;
  }

  Behaviour done() {
    return new Behaviour(
        rotation,
        reuseDetection,
        refreshTokenIdle,
        delay,
        lifetime,
        expiresIn,
        omitRefreshToken,
        omitAccessToken,
        project);
  }
}
