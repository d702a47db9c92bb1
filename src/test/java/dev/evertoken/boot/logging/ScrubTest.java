package dev.evertoken.boot.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScrubTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cannot connect to http://user:canary@proxy:3128/",
        "Authorization: Bearer canary",
        "header authorization=Basic canary",
        "{\"access_token\": \"canary\", \"x\": 1}",
        "grant_type=refresh_token&refresh_token=canary&client_id=a",
        "client_secret='canary'",
        "unexpected ya29canary0123456789abcdef",
      })
  void takesSecretsOutOfForeignTexts(String text) {
    assertThat(Scrub.text(text)).doesNotContain("canary").contains("***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection refused: localhost/127.0.0.1:5432",
        "io.netty.channel.AbstractChannel$AnnotatedConnectException",
        "relation \"accounts\" does not exist (42P01)",
      })
  void leavesWhatIsNoSecret(String text) {
    assertThat(Scrub.text(text)).isEqualTo(text);
  }

  @Test
  void cutsWhatIsTooLongToRead() {
    assertThat(Scrub.text("so ".repeat(5_000))).hasSizeLessThan(700);
  }
}
