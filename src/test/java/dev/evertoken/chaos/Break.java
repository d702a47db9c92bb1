package dev.evertoken.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Something that is taken away from the service, on a copy of one of its classes, to see whether
 * the run under faults notices.
 */
enum Break {
  NO_COMPARE_AND_SET(
      "the commit is written whatever refresh token the row has",
      "adapter/postgres/CommitSql.java",
      """
      deleted_at is null and rt_seq = $4
                and rt_mac = $16::bytea and committed_attempt is distinct from $3
                and ($8::bytea is not null or $15::jsonb is not null or generation = $5
                  or coalesce(expires_at, '-infinity') < $9::timestamptz)
      """,
      """
      deleted_at is null
                and $4::bigint is not null and $5::bigint is not null
                and $16::bytea is not null
      """),
  UNVERSIONED_CACHE_WRITE(
      "what comes to Redis last is kept, however old it is",
      "adapter/redis/CacheEntry.java",
      "if held and (held > new or (held == new and ARGV[2] ~= '1')) then return 0 end",
      ""),
  LATE_ANSWER_DROPPED(
      "an answer that comes after the caller's wait is not kept",
      "app/refresh/AfterExchange.java",
      """
        Future<Step> judged(Judged judged) {
          tries++;
          Exchanged exchange = claimed.exchanged(judged.sentAt());
      """,
      """
        Future<Step> judged(Judged judged) {
          tries++;
          Exchanged exchange = claimed.exchanged(judged.sentAt());
          if (claimed.claim().spent().compareTo(claimed.platform().refresh().requestTimeout()) > 0) {
            return unknown(exchange, "too late");
          }
      """),
  ESCROW_NOT_REPLAYED(
      "a restart leaves what the journal holds where it is",
      "boot/Recovery.java",
      "return escrow.pending().compose(this::deliver);",
      "return escrow.pending().mapEmpty();"),
  CLAIM_IGNORED(
      "a claim is taken although another node has it",
      "adapter/postgres/ClaimSql.java",
      "and deleted_at is null and status = 'active' and claim_attempt is null\n",
      "and deleted_at is null and status = 'active'\n");

  private static final Path SOURCES = Path.of("src/main/java/dev/evertoken");

  private final String what;
  private final String file;
  private final String from;
  private final String to;

  Break(String what, String file, String from, String to) {
    this.what = what;
    this.file = file;
    this.from = from;
    this.to = to;
  }

  @Override
  public String toString() {
    return what;
  }

  /** Compiles the broken class into a folder. */
  Path into(Path folder) {
    try {
      String whole = Files.readString(SOURCES.resolve(file));
      String found = from.stripTrailing();
      if (whole.split(Pattern.quote(found), -1).length != 2) {
        throw new AssertionError("no longer to be broken like this: " + file);
      }
      Path source = folder.resolve("source").resolve(file);
      Files.createDirectories(source.getParent());
      Files.writeString(source, whole.replace(found, to.stripTrailing()));
      compile(source, Files.createDirectories(folder.resolve("classes")));
      return folder.resolve("classes");
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static void compile(Path source, Path classes) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of(
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString(),
            source.toString());
    int code = compiler.run(null, null, null, options.toArray(String[]::new));
    if (code != 0) {
      throw new AssertionError("does not compile: " + source);
    }
  }
}
