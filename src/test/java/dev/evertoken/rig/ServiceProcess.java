package dev.evertoken.rig;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The service as a JVM of its own, to be asked, frozen and killed. */
public final class ServiceProcess implements AutoCloseable {
  static final String MAIN = "dev.evertoken.boot.Main";

  private final Process process;
  private final Path log;
  private final int port;
  private final Thread killer;

  private ServiceProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
    this.killer = new Thread(process::destroyForcibly, "kill-service");
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /**
   * What to start.
   *
   * @param folder the working directory; the data and the log go there
   * @param environment settings as {@code EVERTOKEN_…}
   * @param classes a folder whose classes stand before those of the service, or null
   * @param jar a built service that is started instead of the one of this class path, or null
   */
  public record Plan(
      Path folder,
      Map<String, String> environment,
      List<String> arguments,
      List<String> jvmOptions,
      @Nullable Path classes,
      @Nullable Path jar) {
    public Plan {
      environment = Map.copyOf(environment);
      arguments = List.copyOf(arguments);
      jvmOptions = List.copyOf(jvmOptions);
    }

    public Plan(
        Path folder,
        Map<String, String> environment,
        List<String> arguments,
        List<String> jvmOptions) {
      this(folder, environment, arguments, jvmOptions, null, null);
    }

    /** {@code serve} in a folder, with nothing else said. */
    public static Plan in(Path folder) {
      return new Plan(folder, Map.of(), List.of(), List.of());
    }

    /** The same with one more setting. */
    public Plan with(String name, String value) {
      Map<String, String> more = new HashMap<>(environment);
      more.put(name, value);
      return new Plan(folder, more, arguments, jvmOptions, classes, jar);
    }

    /** The same with these words on the command line. */
    public Plan saying(String... words) {
      return new Plan(folder, environment, List.of(words), jvmOptions, classes, jar);
    }

    /** The same with more options for its JVM. */
    public Plan jvm(List<String> options) {
      List<String> more = new ArrayList<>(jvmOptions);
      more.addAll(options);
      return new Plan(folder, environment, arguments, more, classes, jar);
    }

    /** The same with the classes in a folder before those of the service. */
    public Plan behind(Path folderOfClasses) {
      return new Plan(folder, environment, arguments, jvmOptions, folderOfClasses, jar);
    }

    /** The same of another version. */
    public Plan of(@Nullable Path built) {
      return new Plan(folder, environment, arguments, jvmOptions, classes, built);
    }

    private boolean isOfThisBuild() {
      return classes == null && jar == null;
    }

    private String classPath() {
      String path = jar == null ? System.getProperty("java.class.path") : jar.toString();
      return classes == null ? path : classes + File.pathSeparator + path;
    }
  }

  /** Starts the service; {@link #awaitReady} says when it serves. */
  public static ServiceProcess start(Plan plan) {
    return plan.isOfThisBuild() ? start(plan, MAIN, NodeArchive.classPath()) : start(plan, MAIN);
  }

  static ServiceProcess start(Plan plan, String main) {
    return start(plan, main, List.of("-cp", plan.classPath()));
  }

  static ServiceProcess start(Plan plan, String main, List<String> classPath) {
    try {
      Files.createDirectories(plan.folder());
      Path log = plan.folder().resolve("service.log");
      int port = freePort();
      var builder =
          new ProcessBuilder(command(plan, main, classPath)).directory(plan.folder().toFile());
      Map<String, String> environment = builder.environment();
      environment.keySet().removeIf(name -> name.startsWith("EVERTOKEN_"));
      environment.put("EVERTOKEN_HTTP_PORT", Integer.toString(port));
      environment.put("EVERTOKEN_DATA_DIR", plan.folder().resolve("data").toString());
      environment.putAll(plan.environment());
      Process process =
          builder
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      int actual = Integer.parseInt(environment.getOrDefault("EVERTOKEN_HTTP_PORT", "0"));
      return new ServiceProcess(process, log, actual);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(Plan plan, String main, List<String> classPath) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // As the manifest of the jar has it.
    command.add("--enable-native-access=ALL-UNNAMED");
    // Else the tests' own log settings, on the same class path, would silence it.
    command.add("-Dlogback.configurationFile=" + Path.of("conf", "logback.xml").toAbsolutePath());
    command.addAll(plan.jvmOptions());
    command.addAll(classPath);
    command.add(main);
    command.addAll(plan.arguments());
    return command;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Where it serves HTTP: {@code http://127.0.0.1:port}. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  public long pid() {
    return process.pid();
  }

  /** Everything it has written so far. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until {@code /health/ready} answers 200. */
  public ServiceProcess awaitReady(Duration patience) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var ready =
          HttpRequest.newBuilder(URI.create(url() + "/health/ready"))
              .timeout(Duration.ofSeconds(2))
              .build();
      await("the service is ready", () -> isOk(http, ready), patience);
      http.shutdownNow();
    }
    return this;
  }

  private static boolean isOk(HttpClient http, HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  /** Waits until its log has a line in which {@code regex} is found. */
  public ServiceProcess awaitLine(String regex, Duration patience) {
    Pattern pattern = Pattern.compile(regex);
    await("a line with " + regex, () -> pattern.matcher(log()).find(), patience);
    return this;
  }

  private void await(String description, Supplier<Boolean> condition, Duration patience) {
    Await.until(
        () -> description + "\n" + log(),
        () -> condition.get() || (!process.isAlive() && endedWithout(description, condition)),
        patience);
  }

  private boolean endedWithout(String description, Supplier<Boolean> condition) {
    if (condition.get()) {
      return true;
    }
    throw new IllegalStateException(
        "Ended with " + process.exitValue() + " before " + description + "\n" + log());
  }

  /** Ends it at once (SIGKILL) and waits until it is gone. */
  public void kill9() {
    process.destroyForcibly();
    exitCode(Duration.ofSeconds(20));
  }

  /** Asks it to end (SIGTERM). */
  public void sigterm() {
    process.destroy();
  }

  /** Freezes it; closing the result lets it go on. */
  public Frozen freeze() {
    return Frozen.tree(pid());
  }

  /** Its exit code once it has ended. */
  public int exitCode(Duration patience) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("Still running after " + patience + "\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Kills it if it still runs. */
  @Override
  public void close() {
    kill9();
    Runtime.getRuntime().removeShutdownHook(killer);
  }
}
