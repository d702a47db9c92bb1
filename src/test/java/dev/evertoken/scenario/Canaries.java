package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Secrets that must not be found anywhere, in any of the ways in which bytes are written down. */
final class Canaries {

  /** The form in which each is looked for, and what it is. */
  private final Map<String, String> forms = new LinkedHashMap<>();

  /** Looks for that secret from now on; {@code what} tells it in a failure. */
  Canaries add(String what, String secret) {
    assertThat(secret).as(what).hasSizeGreaterThan(7);
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    forms.put(secret, what);
    forms.put(HexFormat.of().formatHex(bytes), what + " in hexadecimal");
    for (int offset = 0; offset < 3; offset++) {
      forms.put(base64(bytes, offset), what + " in base64");
    }
    return this;
  }

  /** What base64 makes of it inside of something longer, at each of the three alignments. */
  private static String base64(byte[] bytes, int offset) {
    byte[] shifted = new byte[bytes.length + offset];
    System.arraycopy(bytes, 0, shifted, offset, bytes.length);
    String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
    int from = (offset * 8 + 5) / 6;
    int whole = shifted.length * 8 / 6;
    return text.substring(from, whole);
  }

  /** Fails where one of them is in the text. */
  void assertNotIn(String place, String text) {
    forms.forEach(
        (form, what) ->
            assertThat(text.contains(form))
                .as("%s in %s: %s", what, place, around(text, form))
                .isFalse());
  }

  /** The place of the find, which is a made-up secret of a test. */
  private static String around(String text, String form) {
    int at = text.indexOf(form);
    return at < 0
        ? ""
        : text.substring(Math.max(0, at - 300), Math.min(text.length(), at + form.length() + 100));
  }
}
