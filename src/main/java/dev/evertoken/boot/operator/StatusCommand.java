package dev.evertoken.boot.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code status}: whether a running service serves, and what it has to do without. */
@Command(
    name = "status",
    description = "Whether the service serves, and what it has to do without; wants no key.")
public final class StatusCommand implements Callable<Integer> {

  @Mixin private Connection service = new Connection();

  @Override
  public Integer call() {
    HttpResponse<String> response = service.api().readiness();
    JsonNode answer = Json.read(response.body());
    if (!answer.hasNonNull("status")) {
      throw Problems.of(service.api().url(), response.statusCode(), answer);
    }
    if (service.json()) {
      service.printJson(response.body());
    } else {
      Table.aligned(
              List.of(
                  List.of("url", service.api().url()),
                  List.of("status", Json.text(answer.path("status"))),
                  List.of("missing", Json.text(answer.path("missing")))))
          .forEach(service.out()::println);
    }
    return (response.statusCode() == 200 ? Exit.DONE : Exit.UNAVAILABLE).code();
  }
}
