package dev.evertoken.adapter.oauth;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * One file of {@code src/test/resources/answers}: an answer of a real provider, and what must come
 * of it.
 *
 * @param notes what the lines at the head of the file say
 * @param bytes the answer as it goes over the wire, one character for each byte
 */
record AnswerCase(String name, Map<String, String> notes, String bytes) {

  static final String ACCESS = "at-" + "a".repeat(40);
  static final String REFRESH = "rt-" + "r".repeat(40);
  static final long NOW = 1_780_000_000L;

  private static final Path FOLDER = Path.of("src/test/resources/answers");

  static Stream<AnswerCase> in(String folder) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      return files.sorted().toList().stream().map(AnswerCase::read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AnswerCase read(Path file) {
    Map<String, String> notes = new HashMap<>();
    String text = text(file);
    while (text.startsWith("# ")) {
      int end = text.indexOf('\n');
      String[] note = text.substring(2, end).split(": ", 2);
      notes.put(note[0], note[1]);
      text = text.substring(end + 1);
    }
    int gap = text.indexOf("\n\n");
    String body = filled(text.substring(gap + 2).replaceFirst("\n$", ""));
    String coded = coded(body, notes.getOrDefault("body_as", ""));
    return new AnswerCase(
        file.getFileName().toString().replace(".http", ""),
        notes,
        sent(filled(text.substring(0, gap)), coded, notes));
  }

  private static String sent(String head, String body, Map<String, String> notes) {
    String length =
        head.toLowerCase(java.util.Locale.ROOT).contains("content-length:")
            ? ""
            : "\nContent-Length: " + body.length();
    String line = notes.getOrDefault("lines", "").equals("lf") ? "\n" : "\r\n";
    String all = (head + length + "\n\n").replace("\n", line) + body;
    int less = Integer.parseInt(notes.getOrDefault("send", "short 0").replace("short ", ""));
    return all.substring(0, all.length() - less);
  }

  private static String coded(String body, String how) {
    return switch (how) {
      case "gzip" -> gzip(body);
      case "bom" -> "\u00ef\u00bb\u00bf" + body;
      case "scrambled" ->
          body.chars()
              .map(c -> (c ^ 0x5a) | 0x80)
              .collect(
                  StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
              .toString();
      default -> body;
    };
  }

  /** Compressed, one character for each byte. */
  static String gzip(String body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private static String filled(String text) {
    String named = text.replace("{AT}", ACCESS).replace("{RT}", REFRESH);
    String timed =
        Pattern.compile("\\{NOW([+-][0-9]+)}")
            .matcher(named)
            .replaceAll(found -> "" + (NOW + Long.parseLong(found.group(1))));
    return Pattern.compile("\\{X([0-9]+)}")
        .matcher(timed)
        .replaceAll(found -> "x".repeat(Integer.parseInt(found.group(1))));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
