package dev.evertoken.bench;

import dev.evertoken.rig.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** The processor time that the parts of a stand have spent so far. */
record CpuTime(Duration node, Duration postgres, Duration redis) {

  static CpuTime of(ServiceProcess node) {
    return new CpuTime(
        sum(ProcessHandle.of(node.pid()).stream()),
        sum(named("postgres")),
        sum(named("redis-server")));
  }

  CpuTime since(CpuTime earlier) {
    return new CpuTime(
        node.minus(earlier.node), postgres.minus(earlier.postgres), redis.minus(earlier.redis));
  }

  private static Stream<ProcessHandle> named(String program) {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().command().stream().anyMatch(c -> isNamed(c, program)));
  }

  private static boolean isNamed(String command, String program) {
    return Path.of(command).endsWith(program);
  }

  private static Duration sum(Stream<ProcessHandle> processes) {
    return processes
        .flatMap(process -> process.info().totalCpuDuration().stream())
        .reduce(Duration.ZERO, Duration::plus);
  }
}
