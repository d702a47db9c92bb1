package dev.evertoken.rig;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.KeysetFile;
import dev.evertoken.rig.ServiceProcess.Plan;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The classes of the service as a JVM has read, checked and linked them once: the AOT cache of JEP
 * 483, from which the nodes of the tests start in less time.
 *
 * <p>It is made while the first nodes run, and by none of them, since tests kill theirs. A node
 * that starts before it is there does without, as do all if it cannot be made: nobody waits for it.
 * The next test run takes it over as long as the classes are the same. The JVM itself compares
 * class path, version and options, so a cache that does not fit costs time and nothing else.
 *
 * <p>There must be no folder on the class path of a cache; so the classes are packed, and those of
 * the tests left out.
 */
final class NodeArchive {
  /** Making one costs what about this many starts save; a run of one small test has fewer. */
  private static final int WORTH_IT = 10;

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Null where Maven runs no tests but, for example, measurements. */
  private static final @Nullable NodeArchive OF_THIS_BUILD = of(System.getProperty("build.folder"));

  private final Path classes;
  private final Path folder;
  private final AtomicInteger starts = new AtomicInteger();
  private volatile boolean usable;

  /**
   * @param build where Maven builds: the classes lie there, and the archive will
   */
  NodeArchive(Path build) {
    classes = build.resolve("classes");
    folder = build.resolve("node-archive");
    usable = contents().equals(known());
  }

  private static @Nullable NodeArchive of(@Nullable String build) {
    return build == null ? null : new NodeArchive(Path.of(build));
  }

  /** The class path of a node, and what else lets it start sooner. */
  static List<String> classPath() {
    return OF_THIS_BUILD == null ? List.of("-cp", given()) : OF_THIS_BUILD.next();
  }

  private static String given() {
    return System.getProperty("java.class.path");
  }

  private List<String> next() {
    if (starts.incrementAndGet() == WORTH_IT && !usable) {
      Thread.ofPlatform().daemon().name("node-archive").start(this::make);
    }
    return usable ? packed("-XX:AOTCache=" + cache()) : List.of("-cp", given());
  }

  /** Silent, since the JVM would complain of a cache that does not fit where tests read the log. */
  List<String> packed(String option) {
    String jars =
        Arrays.stream(given().split(File.pathSeparator, -1))
            .filter(entry -> entry.endsWith(".jar"))
            .collect(Collectors.joining(File.pathSeparator));
    return List.of(option, "-Xlog:aot*=off,cds*=off", "-cp", jar() + File.pathSeparator + jars);
  }

  private Path jar() {
    return folder.resolve("classes.jar");
  }

  private Path cache() {
    return folder.resolve("classes.aot");
  }

  private String known() {
    try {
      return Files.readString(folder.resolve("contents"));
    } catch (IOException none) {
      return "";
    }
  }

  private ServiceProcess start(Plan plan, String option) {
    return ServiceProcess.start(plan, ServiceProcess.MAIN, packed(option));
  }

  private void make() {
    try {
      Files.createDirectories(folder);
      // At once, so that what a killed run leaves counts as no archive.
      Files.deleteIfExists(folder.resolve("contents"));
      String contents = contents();
      pack();
      Plan plan = clustered();
      Path recorded = folder.resolve("recorded");
      String record = "-XX:AOTConfiguration=" + recorded;
      try (var node = start(plan.jvm(List.of("-XX:AOTMode=record")), record)) {
        node.awaitReady(PATIENCE).sigterm();
        node.exitCode(PATIENCE);
      }
      String create = "-XX:AOTCache=" + cache();
      try (var jvm = start(plan.jvm(List.of("-XX:AOTMode=create", record)), create)) {
        if (jvm.exitCode(PATIENCE) != 0) {
          throw new IOException(jvm.log());
        }
      }
      Files.delete(recorded);
      Files.writeString(folder.resolve("contents"), contents);
      usable = true;
    } catch (IOException | RuntimeException | AssertionError e) {
      String cause = e.toString().lines().findFirst().orElseThrow();
      System.err.println("The nodes start without an archive of their classes: " + cause);
    }
  }

  /** What the archive is of: every file, and the class path. */
  private String contents() {
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .map(Path::toFile)
          .map(file -> file + " " + file.length() + " " + file.lastModified())
          .sorted()
          .collect(Collectors.joining("\n", given() + "\n", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void pack() throws IOException {
    // New files, as nodes of an earlier run may still read the old ones.
    Files.deleteIfExists(cache());
    Files.deleteIfExists(jar());
    ToolProvider.findFirst("jar")
        .orElseThrow()
        .run(
            System.out,
            System.err,
            "--create",
            "--no-compress",
            "--file",
            jar().toString(),
            "-C",
            classes.toString(),
            ".");
  }

  /**
   * A node that needs most of what any node does, on the shared servers and in no other cluster.
   */
  private static Plan clustered() throws IOException {
    Path home = Scratch.folder("node-archive");
    Path keyset = home.resolve("keyset.json");
    new KeysetFile(keyset).write(Keyset.generate());
    String members = Files.readString(Path.of("conf", "hazelcast.yaml"));
    String name = "cluster-name: archive-" + ProcessHandle.current().pid();
    Path hazelcast = home.resolve("hazelcast.yaml");
    Files.writeString(hazelcast, members.replace("cluster-name: evertoken", name));
    return Plan.in(home)
        .with("EVERTOKEN_POSTGRES_URI", SharedServers.freshDatabase())
        .with("EVERTOKEN_REDIS_URI", SharedServers.freshRedis())
        .with("EVERTOKEN_ENCRYPTION_KEYSET_FILE", keyset.toString())
        .with("EVERTOKEN_CLUSTER_ENABLED", "true")
        .with("EVERTOKEN_CLUSTER_HAZELCAST_CONFIG", hazelcast.toString());
  }
}
