package dev.evertoken.boot.operator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of accounts on this machine. */
final class AccountFiles {

  private AccountFiles() {}

  /** Those of a folder, by name; what lies in folders inside is not among them. */
  static List<Path> in(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files
              .filter(Files::isRegularFile)
              .filter(
                  file ->
                      file.getFileName()
                          .toString()
                          .toLowerCase(Locale.ROOT)
                          .matches(".*\\.(json|jsonl|ndjson)"))
              .sorted()
              .toList();
      if (found.isEmpty()) {
        throw new Refusal(Exit.USAGE, folder + " holds no .json, .jsonl or .ndjson file");
      }
      return found;
    } catch (IOException e) {
      throw new Refusal(Exit.USAGE, folder + " cannot be read");
    }
  }

  /** What the file holds, or standard input where there is none. */
  static String text(@Nullable Path file, InputStream input) {
    try {
      byte[] bytes = file == null ? input.readAllBytes() : Files.readAllBytes(file);
      return new String(bytes, charset(bytes));
    } catch (IOException e) {
      throw new Refusal(Exit.USAGE, (file == null ? "standard input" : file) + " cannot be read");
    }
  }

  /** JSON is in UTF-8; some shells of Windows write UTF-16, and then say so with a mark. */
  private static Charset charset(byte[] bytes) {
    boolean marked =
        bytes.length > 1
            && ((bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)
                || (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE));
    return marked ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
  }
}
