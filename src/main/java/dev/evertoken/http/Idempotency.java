package dev.evertoken.http;

import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.port.AccountStore.IdempotencyKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Idempotency-Key} of a call, which makes its repetition harmless. */
final class Idempotency {

  private static final int LONGEST = 200;

  private Idempotency() {}

  static @Nullable IdempotencyKey key(Call call) {
    List<String> given = call.request().headers().getAll(Headers.IDEMPOTENCY_KEY);
    if (given.isEmpty()) {
      return null;
    }
    String key = given.getFirst().strip();
    if (given.size() > 1 || key.isEmpty() || key.length() > LONGEST || !PlainText.plain(key)) {
      throw Problem.of(
              ProblemCode.MALFORMED_REQUEST,
              "One Idempotency-Key of 1 to " + LONGEST + " characters is expected.")
          .exception();
    }
    return new IdempotencyKey(call.caller().actor(), key, hash(call.body().getBytes()));
  }

  private static String hash(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
