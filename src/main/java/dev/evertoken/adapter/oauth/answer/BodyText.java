package dev.evertoken.adapter.oauth.answer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text that bytes may be, likeliest first: by byte order mark, by zeros, as UTF-8, as named.
 */
final class BodyText {

  private static final Pattern CHARSET =
      Pattern.compile("(?i)charset\\s*=\\s*[\"']?([A-Za-z0-9._:+-]{1,40})");

  private BodyText() {}

  static List<String> candidates(byte[] bytes, String contentType) {
    Set<Charset> charsets = new LinkedHashSet<>();
    add(charsets, marked(bytes));
    add(charsets, byZeros(bytes));
    Charset named = named(contentType);
    if (valid(bytes, StandardCharsets.UTF_8)) {
      add(charsets, StandardCharsets.UTF_8);
      add(charsets, named);
    } else {
      add(charsets, named);
      add(charsets, StandardCharsets.UTF_8);
      add(charsets, StandardCharsets.ISO_8859_1);
    }
    return charsets.stream().map(charset -> text(bytes, charset)).toList();
  }

  private static void add(Set<Charset> charsets, @Nullable Charset charset) {
    if (charset != null) {
      charsets.add(charset);
    }
  }

  private static String text(byte[] bytes, Charset charset) {
    String text = new String(bytes, charset);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static @Nullable Charset marked(byte[] bytes) {
    int first = bytes.length > 0 ? bytes[0] & 0xff : 0;
    int second = bytes.length > 1 ? bytes[1] & 0xff : 0;
    if (first == 0xef && second == 0xbb) {
      return StandardCharsets.UTF_8;
    }
    if (first == 0xfe && second == 0xff) {
      return StandardCharsets.UTF_16BE;
    }
    return first == 0xff && second == 0xfe ? StandardCharsets.UTF_16LE : null;
  }

  /** JSON begins with two ASCII characters (RFC 4627, section 3). */
  private static @Nullable Charset byZeros(byte[] bytes) {
    if (bytes.length < 4) {
      return null;
    }
    if (bytes[0] == 0 && bytes[1] == 0) {
      return Charset.forName("UTF-32BE");
    }
    if (bytes[1] == 0 && bytes[2] == 0) {
      return Charset.forName("UTF-32LE");
    }
    if (bytes[0] == 0) {
      return StandardCharsets.UTF_16BE;
    }
    return bytes[1] == 0 ? StandardCharsets.UTF_16LE : null;
  }

  private static @Nullable Charset named(String contentType) {
    Matcher name = CHARSET.matcher(contentType);
    try {
      return name.find() ? Charset.forName(name.group(1)) : null;
    } catch (IllegalArgumentException unknown) {
      return null;
    }
  }

  private static boolean valid(byte[] bytes, Charset charset) {
    try {
      charset
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException otherCharset) {
      return false;
    }
  }
}
