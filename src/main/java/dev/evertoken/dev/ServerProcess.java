package dev.evertoken.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A database server process, known by its pid and by the program and folder that its command line
 * names.
 *
 * <p>A pid alone proves nothing: after a crash it may belong to somebody else by now.
 */
final class ServerProcess {
  private final ProcessHandle handle;
  private final String program;
  private final Path folder;

  private ServerProcess(ProcessHandle handle, String program, Path folder) {
    this.handle = handle;
    this.program = program;
    this.folder = folder;
  }

  /**
   * The process in the first line of {@code pidFile}, if it runs {@code program} over {@code
   * folder}.
   */
  static Optional<ServerProcess> find(Path pidFile, String program, Path folder)
      throws IOException {
    if (!Files.isReadable(pidFile)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(pidFile)) {
      return lines.findFirst().flatMap(ServerProcess::handle).flatMap(h -> of(h, program, folder));
    }
  }

  private static Optional<ProcessHandle> handle(String pid) {
    try {
      return ProcessHandle.of(Long.parseLong(pid.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<ServerProcess> of(ProcessHandle handle, String program, Path folder) {
    var found = new ServerProcess(handle, program, folder);
    return found.runs() ? Optional.of(found) : Optional.empty();
  }

  long pid() {
    return handle.pid();
  }

  /** Whether it still runs; a zombie that nobody reaps has no command line and does not. */
  boolean runs() {
    return handle.isAlive() && handle.info().commandLine().filter(this::isIts).isPresent();
  }

  private boolean isIts(String commandLine) {
    return commandLine.contains(program) && commandLine.contains(folder.toString());
  }

  /**
   * Asks it to end (SIGTERM) and kills it with its children when it has not within {@code grace}.
   */
  void stop(Duration grace) {
    handle.destroy();
    if (!ended(grace)) {
      kill();
    }
  }

  /** Ends it and its children at once (SIGKILL). */
  void kill() {
    List<ProcessHandle> children = handle.descendants().toList();
    handle.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    ended(Duration.ofSeconds(10));
  }

  boolean ended(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    CompletableFuture<ProcessHandle> exit = handle.onExit();
    while (runs() && System.nanoTime() < deadline) {
      // Short turns, because nobody tells of a zombie.
      pause(exit);
    }
    return !runs();
  }

  private static void pause(CompletableFuture<ProcessHandle> exit) {
    try {
      exit.get(20, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // Not yet.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
