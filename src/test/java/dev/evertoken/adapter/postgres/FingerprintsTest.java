package dev.evertoken.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.evertoken.domain.Secret;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class FingerprintsTest {

  private static final Secret TOKEN = Secret.of("1//token");

  @Test
  void areTheSameForTheSameKeyPurposeAndSecretOnly() {
    Secret key = Fingerprints.newKey();
    byte[] print = new Fingerprints(key).of("refresh_token|gemini", TOKEN);

    assertThat(print)
        .hasSize(32)
        .isEqualTo(new Fingerprints(key).of("refresh_token|gemini", TOKEN))
        .isNotEqualTo(new Fingerprints(key).of("refresh_token|openai", TOKEN))
        .isNotEqualTo(new Fingerprints(key).of("refresh_token|gemini", Secret.of("1//other")))
        .isNotEqualTo(new Fingerprints(Fingerprints.newKey()).of("refresh_token|gemini", TOKEN));
  }

  @Test
  void areHmacSha256OfPurposeNulAndSecret() {
    Fingerprints prints = new Fingerprints(Secret.of("A".repeat(43)));

    // printf 'p\0s' | openssl dgst -sha256 -mac HMAC -macopt hexkey:00…00
    assertThat(HexFormat.of().formatHex(prints.of("p", Secret.of("s"))))
        .isEqualTo("a2031ccf3fe91abc3075aa949eeca0e9718df40f6dd9e4b2682b3a9cf5b9eaf9");
  }

  @Test
  void recogniseTheSecret() {
    Fingerprints prints = new Fingerprints(Fingerprints.newKey());
    byte[] print = prints.of("api_key", TOKEN);

    assertThat(prints.matches(print, "api_key", TOKEN)).isTrue();
    assertThat(prints.matches(print, "api_key", Secret.of("1//tokem"))).isFalse();
  }

  @Test
  void wantAKeyOf256Bits() {
    assertThatThrownBy(() -> new Fingerprints(Secret.of("AAAA")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
