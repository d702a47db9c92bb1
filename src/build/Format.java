import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks, or with {@code --write} applies, google-java-format over the files under {@code src}.
 *
 * <p>Run by Maven from source on the JDK that the toolchain found, since Maven's own is too old to
 * parse Java 25. Files older than the last clean pass (the stamp) are not read again.
 */
final class Format {
  public static void main(String[] args) throws IOException {
    var root = Path.of(args[0]);
    var stamp = Path.of(args[1]);
    var write = args.length > 2 && args[2].equals("--write");

    var begun = FileTime.fromMillis(System.currentTimeMillis());
    var since = Files.exists(stamp) ? Files.getLastModifiedTime(stamp) : FileTime.fromMillis(0);
    var unformatted = new ArrayList<Path>();
    for (var file : javaFilesChanged(root, since)) {
      var source = Files.readString(file);
      var formatted = format(file, source);
      if (formatted.equals(source)) {
        continue;
      }
      if (write) {
        Files.writeString(file, formatted);
      } else {
        unformatted.add(file);
      }
    }
    if (!unformatted.isEmpty()) {
      unformatted.forEach(file -> System.err.println("not formatted: " + root.relativize(file)));
      System.err.println("`mvn -q -Pformat process-sources` formats them.");
      System.exit(1);
    }
    Files.createDirectories(stamp.getParent());
    Files.writeString(stamp, "");
    Files.setLastModifiedTime(stamp, begun);
  }

  private static List<Path> javaFilesChanged(Path root, FileTime since) throws IOException {
    try (var files = Files.walk(root.resolve("src"))) {
      var found = new ArrayList<Path>();
      for (var file : (Iterable<Path>) files::iterator) {
        if (file.toString().endsWith(".java")
            && Files.getLastModifiedTime(file).compareTo(since) >= 0) {
          found.add(file);
        }
      }
      return found;
    }
  }

  private static String format(Path file, String source) {
    try {
      var formatter =
          new com.google.googlejavaformat.java.Formatter(
              JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.GOOGLE).build());
      var ordered =
          ImportOrderer.reorderImports(
              RemoveUnusedImports.removeUnusedImports(source), JavaFormatterOptions.Style.GOOGLE);
      return formatter.formatSource(ordered);
    } catch (FormatterException e) {
      System.err.println(file + ": " + e.getMessage());
      System.exit(1);
      throw new AssertionError(e);
    }
  }
}
