package dev.evertoken.boot;

import dev.evertoken.boot.settings.BadSettings;
import dev.evertoken.boot.settings.SettingsLoader;
import dev.evertoken.domain.ProblemException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code evertoken}: without a subcommand it serves. */
@Command(
    name = "evertoken",
    description = "Keeps OAuth credentials and hands out access tokens that are valid now.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      ServeCommand.class,
      DemoCommand.class,
      KeysetCommand.class,
      EscrowCommand.class,
      StatusCommand.class,
    })
final class EvertokenCommand implements Callable<Integer> {

  /** The exit code of a bad configuration, and of a bad command line. */
  static final int BAD_CONFIGURATION = 2;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Settings (default: conf/evertoken.yaml if it is there).")
  private @Nullable Path config;

  /** Runs a command line and tells its exit code. */
  static int run(String... arguments) {
    return new CommandLine(new EvertokenCommand())
        .setExecutionExceptionHandler(EvertokenCommand::failed)
        .execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    return new ServeCommand(this).call();
  }

  /** The settings that this command line names. */
  SettingsLoader.Loaded settings() {
    return SettingsLoader.load(config, System.getenv());
  }

  private static int failed(
      Exception failure, CommandLine line, CommandLine.ParseResult arguments) {
    if (failure instanceof BadSettings bad) {
      bad.problems().forEach(problem -> line.getErr().println(problem));
      return BAD_CONFIGURATION;
    }
    switch (failure) {
      case ProblemException expected -> line.getErr().println(expected.problem().detail());
      case BindException taken -> line.getErr().println(taken.getMessage());
      // By the log, which takes out what a foreign exception may quote.
      default ->
          LoggerFactory.getLogger(EvertokenCommand.class).atError().setCause(failure).log("failed");
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
