package dev.evertoken.dev;

import io.vertx.core.Vertx;

/**
 * Runs the simulated provider as a process of its own: {@code SimulatedProviderMain [--port N]}.
 */
public final class SimulatedProviderMain {
  private SimulatedProviderMain() {}

  static void main(String[] arguments) {
    int port = arguments.length == 2 && "--port".equals(arguments[0]) ? port(arguments[1]) : 0;
    Vertx vertx = Vertx.vertx();
    SimulatedProvider.start(vertx, ProviderOptions.DEFAULT.at(port))
        .onSuccess(provider -> System.out.println("Simulated provider at " + provider.url()))
        .onFailure(failure -> end(vertx, failure));
  }

  private static int port(String text) {
    return Integer.parseInt(text);
  }

  private static void end(Vertx vertx, Throwable failure) {
    System.err.println("The simulated provider did not start: " + failure.getMessage());
    vertx.close().onComplete(closed -> System.exit(1));
  }
}
