package dev.evertoken.dev;

/**
 * How the project endpoints answer.
 *
 * @param form how a project is written
 * @param onboarded whether the account has a project before {@code onboardUser} was called
 * @param defaultTier whether {@code allowedTiers} marks one as default
 * @param rounds how many calls of {@code onboardUser} say {@code done: false} first
 */
public record ProjectAnswers(Form form, boolean onboarded, boolean defaultTier, int rounds) {
  /** How a project is written in an answer. */
  public enum Form {
    /** {@code "p-1"}. */
    STRING,
    /** <code>{"id": "p-1"}</code>. */
    OBJECT,
    /** Nothing, not even when onboarding is done. */
    MISSING
  }

  public static final ProjectAnswers READY = new ProjectAnswers(Form.STRING, true, true, 0);

  public ProjectAnswers {
    if (rounds < 0) {
      throw new IllegalArgumentException("Not a number of rounds: " + rounds);
    }
  }

  public ProjectAnswers as(Form changed) {
    return new ProjectAnswers(changed, onboarded, defaultTier, rounds);
  }

  /**
   * The account has no project until {@code onboardUser} was called {@code rounds} times and once
   * more.
   */
  public ProjectAnswers onboardedAfter(int changed) {
    return new ProjectAnswers(form, false, defaultTier, changed);
  }

  public ProjectAnswers withoutDefaultTier() {
    return new ProjectAnswers(form, onboarded, false, rounds);
  }
}
