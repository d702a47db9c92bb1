package dev.evertoken.boot.operator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.evertoken.boot.operator.Table.Column;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Brings accounts in from a file, and out to one. */
final class AccountTransfer {

  private static final String LINES = "application/x-ndjson";

  private AccountTransfer() {}

  /** {@code accounts import}. */
  @Command(
      name = "import",
      description = {
        "Brings in accounts.",
        "Reads an export of Evertoken, JSON lines, sub2api's account data, and the credential"
            + " files of Codex, Claude Code, Gemini CLI and CLIProxyAPI; of a folder, every .json,"
            + " .jsonl and .ndjson file. Tells line by line what became of it; 1 where a line"
            + " failed, the others are in."
      })
  @SuppressWarnings("NullAway.Init") // set by picocli
  static final class Import implements Callable<Integer> {

    private static final List<Column> COLUMNS =
        List.of(
            new Column("PLACE", Import::place),
            Column.of("outcome"),
            Column.of("account"),
            new Column("PROBLEM", Import::said));

    @ParentCommand private AccountsCommand accounts;

    @Parameters(
        paramLabel = "FILE",
        arity = "0..1",
        description = "What to read, a file or a folder (default: standard input).")
    private @Nullable Path file;

    @Option(
        names = "--pool",
        paramLabel = "NAME",
        description = "For the accounts that name no pool.")
    private @Nullable String pool;

    @Option(names = "--dry-run", description = "Change nothing, and say what would happen.")
    private boolean dryRun;

    @Override
    public Integer call() {
      Connection service = accounts.service();
      boolean well =
          (file != null && Files.isDirectory(file))
              ? all(service, AccountFiles.in(file))
              : taken(service, AccountFiles.text(file, service.input()));
      return (well ? Exit.DONE : Exit.FAILED).code();
    }

    /** Each for itself: one that is no file of accounts keeps no other back. */
    private boolean all(Connection service, List<Path> files) {
      boolean well = true;
      for (Path one : files) {
        service.err().println(one.getFileName() + ":");
        try {
          well &= taken(service, AccountFiles.text(one, service.input()));
        } catch (Refusal refusal) {
          refusal.lines().forEach(service.err()::println);
          well = false;
        }
      }
      return well;
    }

    private boolean taken(Connection service, String text) {
      Answer report =
          service
              .api()
              .send(
                  "POST",
                  AccountsCommand.ALL
                      + "/import"
                      + new Query().with("dry_run", dryRun ? true : null).with("pool", pool),
                  text,
                  Json.read(text).isMissingNode() ? LINES : Api.JSON,
                  Api.LONG);
      if (service.json()) {
        service.printJson(report.text());
      } else {
        print(service, report);
      }
      return report.json().path("failed").asInt() == 0;
    }

    private static void print(Connection service, Answer report) {
      JsonNode json = report.json();
      Table.rows(json.path("results"), COLUMNS).forEach(service.out()::println);
      List<String> counts =
          Stream.of("created", "updated", "skipped", "failed")
              .map(outcome -> json.path(outcome).asInt() + " " + outcome)
              .toList();
      service
          .err()
          .println(
              (json.path("dry_run").asBoolean() ? "Would be: " : "") + String.join(", ", counts));
    }

    private static String place(JsonNode entry) {
      return Json.text(entry.has("line") ? entry.path("line") : entry.path("index"));
    }

    private static String said(JsonNode entry) {
      JsonNode problem = entry.path("problem").path("detail");
      return Json.text(problem.isMissingNode() ? entry.path("note") : problem);
    }
  }

  /** {@code accounts export}. */
  @Command(
      name = "export",
      description = "Takes accounts out, in the form that 'accounts import' reads.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  static final class Export implements Callable<Integer> {

    @ParentCommand private AccountsCommand accounts;

    @Option(
        names = "--secrets",
        description = "With tokens, refresh tokens and keys; wants the scope admin.")
    private boolean secrets;

    @Option(names = "--platform", paramLabel = "NAME", description = "Only those of a platform.")
    private @Nullable String platform;

    @Option(names = "--pool", paramLabel = "NAME", description = "Only those of a pool.")
    private @Nullable String pool;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FILE",
        description = "A new file that only its owner can read (default: standard output).")
    private @Nullable Path file;

    @Override
    public Integer call() {
      Connection service = accounts.service();
      String path =
          AccountsCommand.ALL
              + "/export"
              + new Query()
                  .with("secrets", secrets ? true : null)
                  .with("platform", platform)
                  .with("pool", pool);
      try (InputStream body = service.api().stream(service.api().request(path))) {
        if (file == null) {
          service.pipe(body);
        } else {
          write(body, file);
        }
        return Exit.DONE.code();
      } catch (FileAlreadyExistsException e) {
        throw new Refusal(Exit.USAGE, file + " is there already");
      } catch (IOException e) {
        throw new Refusal(Exit.FAILED, "the export broke off and is not whole");
      }
    }

    private static void write(InputStream body, Path file) throws IOException {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (OutputStream out = Files.newOutputStream(file)) {
        body.transferTo(out);
      } catch (IOException e) {
        // Half of an export looks like a whole one.
        Files.delete(file);
        throw e;
      }
    }
  }
}
