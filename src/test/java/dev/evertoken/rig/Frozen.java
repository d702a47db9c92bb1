package dev.evertoken.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A process and its children that were stopped (SIGSTOP); closing it lets them go on (SIGCONT). */
public final class Frozen implements AutoCloseable {
  private final List<Long> pids;

  private Frozen(List<Long> pids) {
    this.pids = pids;
  }

  /** Freezes a process first, so that it starts no more children, and then its children. */
  public static Frozen tree(long pid) {
    signal("STOP", List.of(pid));
    List<Long> children = children(pid);
    signal("STOP", children);
    List<Long> all = new ArrayList<>(children);
    all.add(pid);
    return new Frozen(all);
  }

  /** Lets a process go on that stopped itself. */
  public static void resume(long pid) {
    signal("CONT", List.of(pid));
  }

  /** Kills a process and its children at once (SIGKILL), frozen or not. */
  public static void kill9(long pid) {
    List<Long> all = new ArrayList<>();
    all.add(pid);
    all.addAll(children(pid));
    signal("KILL", all);
  }

  private static List<Long> children(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::descendants)
        .map(ProcessHandle::pid)
        .toList();
  }

  private static void signal(String name, List<Long> pids) {
    for (long pid : pids) {
      try {
        // A child may be gone by now, which kill reports and nobody minds.
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted", e);
      }
    }
  }

  /** Lets them go on. */
  @Override
  public void close() {
    signal("CONT", pids);
  }
}
