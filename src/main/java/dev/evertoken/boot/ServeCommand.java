package dev.evertoken.boot;

import dev.evertoken.boot.operator.Terminal;
import dev.evertoken.boot.settings.Effective;
import dev.evertoken.boot.settings.SettingsLoader;
import io.vertx.core.Future;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code serve}: runs a node until the process is told to end. */
@Command(
    name = ServeCommand.NAME,
    description = "Runs the service (the default).",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  static final String NAME = "serve";

  @ParentCommand private EvertokenCommand parent;

  ServeCommand() {
    this(new EvertokenCommand());
  }

  ServeCommand(EvertokenCommand parent) {
    this.parent = parent;
  }

  @Override
  public Integer call() throws InterruptedException {
    SettingsLoader.Loaded loaded = parent.settings();
    LogSettings.apply(loaded.settings().log());
    Logger log = LoggerFactory.getLogger(ServeCommand.class);
    tell(log, loaded);
    Future<Node> starting = Node.start(loaded.settings());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(starting), "shutdown"));
    showOnce(starting.await());
    // Only a signal ends it: the hook above does the rest.
    new CountDownLatch(1).await();
    return 0;
  }

  private static void tell(Logger log, SettingsLoader.Loaded loaded) {
    var event = log.atInfo().addKeyValue("version", Version.text());
    for (Effective key : loaded.effective()) {
      event = event.addKeyValue(key.key(), key.shown());
    }
    event.log("starting");
    loaded
        .warnings()
        .forEach(warning -> log.atWarn().addKeyValue("cause", warning).log("settings"));
  }

  /** On a terminal only: elsewhere what is printed ends up in a log. */
  private static void showOnce(Node node) {
    if (!node.adminKeyIsFresh()) {
      return;
    }
    Terminal.find()
        .ifPresent(
            terminal ->
                terminal.printf(
                    "%nThe admin key, shown this once (it is also in admin.key of the data folder):"
                        + "%n%n    %s%n%n",
                    node.adminKey().reveal()));
  }

  /** The exit code of a drained service is 0; a JVM that ends by a signal would say 143. */
  private static void end(Future<Node> starting) {
    boolean ended = starting.compose(node -> node.stop().map(true)).otherwise(false).await();
    if (ended) {
      Runtime.getRuntime().halt(0);
    }
  }
}
