package dev.evertoken.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.evertoken.boot.operator.AccountsCommand;
import dev.evertoken.boot.operator.AuditCommand;
import dev.evertoken.boot.operator.EventsCommand;
import dev.evertoken.boot.operator.KeysCommand;
import dev.evertoken.boot.operator.PoolsCommand;
import dev.evertoken.boot.operator.ProvidersCommand;
import dev.evertoken.boot.operator.ProxiesCommand;
import dev.evertoken.boot.operator.Refusal;
import dev.evertoken.boot.operator.StatusCommand;
import dev.evertoken.boot.operator.Surroundings;
import dev.evertoken.boot.operator.TokenCommand;
import dev.evertoken.boot.settings.BadSettings;
import dev.evertoken.boot.settings.Settings;
import dev.evertoken.boot.settings.SettingsLoader;
import dev.evertoken.domain.ProblemException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.AutoComplete;
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
    scope = ScopeType.INHERIT,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done.",
      "1:Not done, or not wholly: a test that failed, some of several, a bug.",
      "2:A wrong command line or configuration.",
      "3:There is no such thing, or the key may not see it.",
      "4:No key, or one that does not open this.",
      "5:In conflict with what is there: in use, changed since.",
      "6:The service takes no such value.",
      "7:Not now, try again: unavailable, benched, throttled, draining.",
      "8:The service cannot be reached.",
      "9:A person must authorise the account again.",
    })
final class EvertokenCommand implements Callable<Integer>, Surroundings {

  /** The exit code of a bad configuration, and of a bad command line. */
  static final int BAD_CONFIGURATION = 2;

  private static final List<Class<?>> SUBCOMMANDS =
      List.of(
          ServeCommand.class,
          DemoCommand.class,
          KeysetCommand.class,
          EscrowCommand.class,
          RestoredCommand.class,
          StatusCommand.class,
          AccountsCommand.class,
          ProxiesCommand.class,
          PoolsCommand.class,
          ProvidersCommand.class,
          KeysCommand.class,
          TokenCommand.class,
          EventsCommand.class,
          AuditCommand.class,
          AutoComplete.GenerateCompletion.class);

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Settings (default: conf/evertoken.yaml if it is there).")
  private @Nullable Path config;

  private final Map<String, String> environment;
  private final InputStream in;

  EvertokenCommand() {
    this(System.getenv(), System.in);
  }

  EvertokenCommand(Map<String, String> environment, InputStream in) {
    this.environment = Map.copyOf(environment);
    this.in = in;
  }

  /** Runs a command line and tells its exit code. */
  static int run(String... arguments) {
    return run(
        new EvertokenCommand(),
        new PrintWriter(new FileOutputStream(FileDescriptor.out), true, UTF_8),
        new PrintWriter(new FileOutputStream(FileDescriptor.err), true, UTF_8),
        arguments);
  }

  static int run(EvertokenCommand root, PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine line = new CommandLine(root);
    subcommands(arguments).forEach(line::addSubcommand);
    return line.setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(EvertokenCommand::misused)
        .setExecutionExceptionHandler(EvertokenCommand::failed)
        .execute(arguments);
  }

  /** A service that starts does without the others: to read what they take costs it a while. */
  private static List<Class<?>> subcommands(String... arguments) {
    boolean serves = arguments.length > 0 && arguments[0].equals(ServeCommand.NAME);
    return serves ? List.of(ServeCommand.class) : SUBCOMMANDS;
  }

  @Override
  public Integer call() throws Exception {
    return new ServeCommand(this).call();
  }

  /** The settings that this command line names. */
  SettingsLoader.Loaded settings() {
    return SettingsLoader.load(config, environment);
  }

  @Override
  public Settings local() {
    return settings().settings();
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public InputStream in() {
    return in;
  }

  /** One line and where to read on: the whole usage would hide what is wrong. */
  private static int misused(CommandLine.ParameterException wrong, String[] arguments) {
    CommandLine line = wrong.getCommandLine();
    PrintWriter err = line.getErr();
    err.println(wrong.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
    err.println("Try: " + line.getCommandSpec().qualifiedName() + " --help");
    return BAD_CONFIGURATION;
  }

  private static int failed(
      Exception failure, CommandLine line, CommandLine.ParseResult arguments) {
    if (failure instanceof BadSettings bad) {
      bad.problems().forEach(problem -> line.getErr().println(problem));
      return BAD_CONFIGURATION;
    }
    if (failure instanceof Refusal refused) {
      refused.lines().forEach(line.getErr()::println);
      return refused.exit().code();
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
