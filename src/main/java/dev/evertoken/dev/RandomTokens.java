package dev.evertoken.dev;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Token strings that nobody can guess, with a readable beginning. */
final class RandomTokens {
  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomTokens() {}

  static String named(String prefix, String kind, String family, int number) {
    return prefix + "-" + kind + "-" + family + "-" + number + "-" + random();
  }

  static String random() {
    var bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
