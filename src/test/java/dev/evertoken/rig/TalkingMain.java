package dev.evertoken.rig;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Stands in for the service in tests of {@link ServiceProcess}. */
final class TalkingMain {
  private TalkingMain() {}

  static void main(String[] arguments) throws IOException {
    if (arguments.length > 0) {
      System.out.println("cannot start");
      System.exit(3);
    }
    int port = Integer.parseInt(System.getenv("EVERTOKEN_HTTP_PORT"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
    server.createContext(
        "/health/ready",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    System.out.println("port " + port + " said " + System.getenv("EVERTOKEN_WORD"));
  }

  static String port(String log) {
    return log.split(" ", -1)[1];
  }
}
