package dev.evertoken.adapter.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.evertoken.domain.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keyed hashes (HMAC-SHA-256, RFC 2104) by which a secret is recognised without being stored.
 *
 * <p>The key is of an installation and never rotates. Safe for any thread.
 */
final class Fingerprints {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;

  private final SecretKeySpec key;

  /**
   * Takes a key that {@link #newKey()} made.
   *
   * @param key 256 bits in base64url
   */
  Fingerprints(Secret key) {
    byte[] bytes = Base64.getUrlDecoder().decode(key.reveal());
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException("a fingerprint key has 256 bits");
    }
    this.key = new SecretKeySpec(bytes, ALGORITHM);
  }

  /** A fresh key of 256 random bits. */
  static Secret newKey() {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /**
   * The fingerprint of a secret, 32 bytes.
   *
   * @param purpose what it is for, such as {@code refresh_token|antigravity}: equal secrets of
   *     different purposes have different fingerprints; without NUL
   */
  byte[] of(String purpose, Secret secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(purpose.getBytes(UTF_8));
      mac.update((byte) 0);
      return mac.doFinal(secret.reveal().getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM lacks " + ALGORITHM, e);
    }
  }

  /** Whether that is the secret's fingerprint; takes the same time whatever differs. */
  boolean matches(byte[] fingerprint, String purpose, Secret secret) {
    return MessageDigest.isEqual(fingerprint, of(purpose, secret));
  }
}
