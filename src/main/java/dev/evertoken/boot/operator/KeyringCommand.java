package dev.evertoken.boot.operator;

import dev.evertoken.boot.operator.Table.Column;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keyset status}: which node of the service has which keys. */
@Command(
    name = "status",
    description = "Shows which node of the service seals with which key, and which it knows.")
public final class KeyringCommand implements Callable<Integer> {

  @Mixin private Connection service = new Connection();

  @Override
  public Integer call() {
    Answer answer = service.api().get("/v1/keyset");
    if (service.json()) {
      return service.show(answer);
    }
    Table.rows(
            answer.json().path("nodes"),
            Column.of("id", "primary_key", "known_keys", "escrow_left"))
        .forEach(service.out()::println);
    return Exit.DONE.code();
  }
}
