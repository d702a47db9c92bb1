package dev.evertoken.http;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The parameters of a query, decoded strictly: what is not percent-encoded UTF-8 is refused, where
 * Vert.x would put a replacement character.
 */
final class Parameters {

  private Parameters() {}

  static MultiMap of(HttpServerRequest request) {
    MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
    String query = request.query();
    if (query == null || query.isEmpty()) {
      return parameters;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      parameters.add(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
    }
    return parameters;
  }

  private static String decode(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' && i + 2 < text.length() && hex(text, i + 1) && hex(text, i + 2)) {
        bytes.put((byte) HexFormat.fromHexDigits(text, i + 1, i + 3));
        i += 2;
      } else if (c == '%' || c <= ' ' || c > '~') {
        throw unreadable();
      } else {
        bytes.put(c == '+' ? (byte) ' ' : (byte) c);
      }
    }
    try {
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
      if (decoded.indexOf(0) >= 0) {
        throw unreadable();
      }
      return decoded;
    } catch (CharacterCodingException e) {
      throw unreadable();
    }
  }

  private static boolean hex(String text, int at) {
    return HexFormat.isHexDigit(text.charAt(at));
  }

  private static RuntimeException unreadable() {
    return Problem.of(
            ProblemCode.MALFORMED_REQUEST, "The query is not percent-encoded UTF-8 without U+0000.")
        .exception();
  }
}
