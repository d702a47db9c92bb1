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

  @Option(
      names = "--exit",
      description = "End after the story, with 0 only if every step was as told.")
  private boolean exit;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintStream out = System.out;
    AtomicReference<@Nullable Demo> running = new AtomicReference<>();
    Thread cleaner = new Thread(() -> clean(running.getAndSet(null)), "demo-end");
    Runtime.getRuntime().addShutdownHook(cleaner);
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
