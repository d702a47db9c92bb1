package dev.evertoken.rig;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * An answer of a token endpoint as a file of {@code src/test/resources/answers} writes it: notes on
 * how it is sent and what must follow, the head, an empty line, the body.
 *
 * <p>{@code {AT}}, {@code {RT}}, {@code {NOW+600}}, {@code {X18000}} and {@code {LEN}} are filled
 * in for each call. All texts hold one character for each byte.
 */
public record AnswerFile(String name, Map<String, String> notes, String head, String body) {

  private static final Path FOLDER = Path.of("src", "test", "resources", "answers");

  /** An answer as RFC 6749 has it. */
  public static final AnswerFile PLAIN =
      json(
          200,
          "{\"access_token\":\"{AT}\",\"token_type\":\"Bearer\",\"expires_in\":3600,"
              + "\"refresh_token\":\"{RT}\"}");

  public AnswerFile {
    notes = Map.copyOf(notes);
  }

  /** The files of a folder, in the order of their names. */
  public static List<AnswerFile> in(String folder) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      return files.sorted().map(AnswerFile::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AnswerFile read(Path file) {
    try {
      String name = file.getFileName().toString().replace(".http", "");
      return of(name, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A JSON answer with that status and body. */
  public static AnswerFile json(int status, String body) {
    return of(
        "json-" + status,
        "HTTP/1.1 " + status + " Status\nContent-Type: application/json\n\n" + body + "\n");
  }

  /** An answer in the form of the files. */
  public static AnswerFile of(String name, String text) {
    Map<String, String> notes = new HashMap<>();
    String rest = text;
    while (rest.startsWith("# ")) {
      int end = rest.indexOf('\n');
      String[] note = rest.substring(2, end).split(": ", 2);
      notes.put(note[0], note[1]);
      rest = rest.substring(end + 1);
    }
    int gap = rest.indexOf("\n\n");
    return new AnswerFile(
        name, notes, rest.substring(0, gap), rest.substring(gap + 2).replaceFirst("\n$", ""));
  }

  /** Whether it carries a token, so that the provider spends the refresh token it was given. */
  public boolean spends() {
    return (head + body).matches("(?s).*\\{[AR]T}.*");
  }

  /** Whether a client of that provider would read it. */
  public boolean isServed() {
    return "served".equals(notes.get("right"));
  }

  /** What its access token really lives, where the file says so. */
  public Optional<Duration> life() {
    return Optional.ofNullable(notes.get("life")).map(Long::parseLong).map(Duration::ofSeconds);
  }

  /** The answer as it goes over the wire. */
  public byte[] bytes(String accessToken, String refreshToken, Instant now) {
    String coded = coded(filled(body, accessToken, refreshToken, now));
    String length =
        head.toLowerCase(Locale.ROOT).contains("content-length:")
            ? ""
            : "\nContent-Length: " + coded.length();
    String line = "lf".equals(notes.get("lines")) ? "\n" : "\r\n";
    String filledHead =
        filled(head, accessToken, refreshToken, now).replace("{LEN}", "" + coded.length());
    String all = (filledHead + length + "\n\n").replace("\n", line) + coded;
    return all.substring(0, all.length() - missing()).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** How many bytes the connection ends before the answer does. */
  public int missing() {
    return Integer.parseInt(notes.getOrDefault("send", "short 0").replace("short ", ""));
  }

  private String coded(String text) {
    return switch (notes.getOrDefault("body_as", "")) {
      case "gzip" -> gzip(text);
      case "bom" -> "\u00ef\u00bb\u00bf" + text;
      case "scrambled" -> scrambled(text);
      default -> text;
    };
  }

  private static String scrambled(String text) {
    StringBuilder coded = new StringBuilder();
    text.chars().map(c -> (c ^ 0x5a) | 0x80).forEach(c -> coded.append((char) c));
    return coded.toString();
  }

  private static String gzip(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private static String filled(String text, String accessToken, String refreshToken, Instant now) {
    String named = text.replace("{AT}", accessToken).replace("{RT}", refreshToken);
    String timed =
        Pattern.compile("\\{NOW([+-][0-9]+)}")
            .matcher(named)
            .replaceAll(found -> "" + (now.getEpochSecond() + Long.parseLong(found.group(1))));
    return Pattern.compile("\\{X([0-9]+)}")
        .matcher(timed)
        .replaceAll(found -> "x".repeat(Integer.parseInt(found.group(1))));
  }

  @Override
  public String toString() {
    return name;
  }
}
