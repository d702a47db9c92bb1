package dev.evertoken.adapter.redis;

import dev.evertoken.rig.Await;
import dev.evertoken.rig.Scratch;
import dev.evertoken.rig.SharedServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** A Redis server of a test's own, with whatever settings, until it is closed. */
record RedisProcess(Process process, int port) implements AutoCloseable {

  /** Starts one; {@code %d} in the settings is its port. */
  static RedisProcess start(String settings, String... options) throws IOException {
    int port = freePort();
    Path folder = Scratch.folder("redis-mode");
    Path file = folder.resolve("redis.conf");
    Files.writeString(
        file,
        "port %d\nbind 127.0.0.1\ndir \"%s\"\nsave \"\"\n".formatted(port, folder) + settings);
    ProcessBuilder builder = new ProcessBuilder(program(), file.toString());
    builder.command().addAll(List.of(options));
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
    RedisProcess started = new RedisProcess(builder.start(), port);
    Await.until("redis listens", () -> listens(port));
    return started;
  }

  String uri() {
    return "redis://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** The program that the shared server runs. */
  private static String program() throws IOException {
    return ProcessHandle.of(SharedServers.redis().pid())
        .orElseThrow()
        .info()
        .command()
        .orElseThrow();
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Low enough for the bus of a cluster, which listens ten thousand above. */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
      try (ServerSocket one = new ServerSocket(port);
          ServerSocket two = new ServerSocket(port + 10_000)) {
        return Math.min(one.getLocalPort(), two.getLocalPort());
      } catch (IOException taken) {
        // The next one.
      }
    }
  }
}
