package dev.evertoken.boot;

import dev.evertoken.dev.DemoStory;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}: everything on one machine, with its story. */
@Command(
    name = "demo",
    description = "Everything on one machine: tells its story, then stays up.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

  /** What a shell makes of an end by SIGTERM. */
  private static final int TERMINATED = 143;

  @Option(
      names = "--exit",
      description = "End after the story, with 0 only if every step was as told.")
  private boolean exit;

  @Option(
      names = "--end-with-parent",
      hidden = true,
      description = "End also when whoever started it has ended: a SIGTERM to Maven stays there.")
  private boolean endWithParent;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintStream out = System.out;
    AtomicReference<@Nullable Demo> running = new AtomicReference<>();
    Thread cleaner = new Thread(() -> clean(running.getAndSet(null)), "demo-end");
    Runtime.getRuntime().addShutdownHook(cleaner);
    if (endWithParent) {
      ProcessHandle.current().parent().ifPresent(DemoCommand::endWith);
    }
    out.println("Starting PostgreSQL, Redis, a simulated OAuth provider and Evertoken ...");
    Demo demo = Demo.start(System.getenv().getOrDefault("EVERTOKEN_HTTP_PORT", "0"));
    running.set(demo);
    out.println(
        "Evertoken listens on " + demo.url() + " (see also " + demo.url() + "/health/ready)");
    boolean asTold = told(demo, out);
    if (exit) {
      return asTold ? 0 : 1;
    }
    out.println();
    out.println("It stays up, at " + demo.url() + ", for the lines above and your own.");
    out.println("Ctrl-C ends it and leaves nothing behind.");
    new CountDownLatch(1).await();
    return 0;
  }

  private static void endWith(ProcessHandle parent) {
    var _ = parent.onExit().thenRun(() -> Runtime.getRuntime().exit(TERMINATED));
  }

  private static boolean told(Demo demo, PrintStream out) {
    try {
      demo.tell(out);
      out.println();
      out.println("Every step was as told.");
      return true;
    } catch (DemoStory.NotAsTold e) {
      out.println();
      out.println(e.getMessage());
      return false;
    }
  }

  private static void clean(@Nullable Demo demo) {
    if (demo == null) {
      return;
    }
    try {
      demo.close();
    } catch (IOException e) {
      System.err.println("The demo left files behind: " + e.getMessage());
    }
  }
}
