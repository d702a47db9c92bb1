package dev.evertoken.boot.operator;

import dev.evertoken.boot.settings.Settings;
import dev.evertoken.domain.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What every command of an operator has: where the service is, who asks, how answers are shown. */
@Command
@SuppressWarnings("NullAway.Init") // the fields are set by picocli
final class Connection {

  private static final int LONGEST_SECRET = 64 * 1024;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print the service's own JSON, for machines.")
  private boolean json;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "PEM certificates to trust besides the system's (default: EVERTOKEN_CA).")
  private @Nullable Path ca;

  private @Nullable Api api;

  Api api() {
    if (api == null) {
      String trusted = environment().getOrDefault("EVERTOKEN_CA", "");
      Path file = ca != null || trusted.isBlank() ? ca : Path.of(trusted);
      String url = url();
      api = new Api(url, this::key, url.startsWith("https:") ? Trust.besides(file) : Trust.none());
    }
    return api;
  }

  boolean json() {
    return json;
  }

  PrintWriter out() {
    return command.commandLine().getOut();
  }

  PrintWriter err() {
    return command.commandLine().getErr();
  }

  /** A wrong command line: tells it, with the usage. */
  ParameterException misused(String what) {
    ParseResult given = command.root().commandLine().getParseResult();
    while (given.hasSubcommand()) {
      given = given.subcommand();
    }
    return new ParameterException(given.commandSpec().commandLine(), what);
  }

  /** Prints what was answered: as it came, or one line per field. */
  int show(Answer answer) {
    if (json) {
      printJson(answer.text());
    } else {
      Table.fields(answer.json()).forEach(out()::println);
    }
    return Exit.DONE.code();
  }

  /** Says what was done, where the answer itself is empty. */
  int done(String what) {
    if (!json) {
      out().println(what);
    }
    return Exit.DONE.code();
  }

  void printJson(String text) {
    if (!text.isBlank()) {
      out().println(text.stripTrailing());
    }
  }

  /**
   * A secret from the terminal, without echo, else everything that comes by standard input: an
   * argument would be seen by every process of the machine.
   */
  Secret secret(String name) {
    String text =
        Terminal.find()
            .map(console -> console.readPassword("%s: ", name))
            .map(String::new)
            .orElseGet(this::typed)
            .strip();
    if (text.isEmpty()) {
      throw new Refusal(Exit.USAGE, name + ": none came by standard input");
    }
    return Secret.of(text);
  }

  private String typed() {
    try {
      byte[] bytes = input().readNBytes(LONGEST_SECRET + 1);
      if (bytes.length > LONGEST_SECRET) {
        throw new Refusal(Exit.USAGE, "what came by standard input is too long");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Refusal(Exit.FAILED, "standard input cannot be read");
    }
  }

  /** Standard input. */
  InputStream input() {
    return surroundings().in();
  }

  /** Prints a body as it comes. */
  void pipe(InputStream body) throws IOException {
    new InputStreamReader(body, StandardCharsets.UTF_8).transferTo(out());
    out().flush();
  }

  /** A name as one segment of a path, which takes no other characters. */
  String segment(String name) {
    if (!name.matches("[A-Za-z0-9._-]+")) {
      throw misused("'" + name + "' is no name: a-z, 0-9, '.', '_' and '-' are");
    }
    return name;
  }

  /** Asks a person on a terminal whether that is meant; a script has meant it. */
  void confirm(String what) {
    boolean meant =
        Terminal.find()
            .map(console -> console.readLine("%s [y/N] ", what))
            .map(said -> said.strip().equalsIgnoreCase("y"))
            .orElse(true);
    if (!meant) {
      throw new Refusal(Exit.FAILED, "nothing was changed");
    }
  }

  private String url() {
    String given = environment().getOrDefault("EVERTOKEN_URL", "").strip();
    if (!given.isEmpty()) {
      if (!given.matches("https?://[^/?#\\s]+/*")) {
        throw new Refusal(
            Exit.USAGE, "EVERTOKEN_URL is not allowed; allowed: http://host:port or https://…");
      }
      return given.replaceAll("/+$", "");
    }
    Settings.Http http = surroundings().local().http();
    String host = http.host().contains(":") ? "[" + http.host() + "]" : http.host();
    return "%s://%s:%d".formatted(http.tls() == null ? "http" : "https", host, http.port());
  }

  /** Of the environment, else what the service on this machine was started with. */
  private Secret key() {
    for (String name : new String[] {"EVERTOKEN_API_KEY", "EVERTOKEN_ADMIN_KEY"}) {
      String given = environment().getOrDefault(name, "").strip();
      if (!given.isEmpty()) {
        return sendable(given, name);
      }
    }
    Path file = surroundings().local().dataDir().resolve("admin.key");
    try {
      return sendable(Files.readString(file).strip(), file.toString());
    } catch (NoSuchFileException e) {
      throw new Refusal(
          Exit.REFUSED, "no API key: set EVERTOKEN_API_KEY (there is no " + file + " either)");
    } catch (IOException e) {
      throw new Refusal(
          Exit.REFUSED, "no API key: set EVERTOKEN_API_KEY (" + file + " cannot be read)");
    }
  }

  private static Secret sendable(String key, String source) {
    if (!key.chars().allMatch(c -> c > ' ' && c <= '~')) {
      throw new Refusal(Exit.USAGE, source + " holds no API key");
    }
    return Secret.of(key);
  }

  private Map<String, String> environment() {
    return surroundings().environment();
  }

  private Surroundings surroundings() {
    return (Surroundings) command.root().userObject();
  }
}
