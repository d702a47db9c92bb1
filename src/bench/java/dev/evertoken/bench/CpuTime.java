package dev.evertoken.bench;

import dev.evertoken.rig.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** The processor time that the parts of a stand have spent so far. */
record CpuTime(Duration node, Duration postgres, Duration redis) {

  static CpuTime of(Stand stand, ServiceProcess node) {
    return new CpuTime(
        sum(ProcessHandle.of(node.pid()).stream()),
        sum(startedIn(stand.folder().resolve("postgres"))),
        sum(startedIn(stand.folder().resolve("redis"))));
  }

  CpuTime since(CpuTime earlier) {
    return new CpuTime(
        node.minus(earlier.node), postgres.minus(earlier.postgres), redis.minus(earlier.redis));
  }

  /** The server that has its files there, with its children: it is no child of ours. */
  private static Stream<ProcessHandle> startedIn(Path folder) {
    return ProcessHandle.allProcesses()
        .filter(process -> names(process, folder))
        .flatMap(server -> Stream.concat(Stream.of(server), server.children()));
  }

  private static boolean names(ProcessHandle process, Path folder) {
    return process.info().commandLine().stream().anyMatch(line -> line.contains(folder + "/"));
  }

  private static Duration sum(Stream<ProcessHandle> processes) {
    return processes
        .flatMap(process -> process.info().totalCpuDuration().stream())
        .reduce(Duration.ZERO, Duration::plus);
  }
}
