package dev.evertoken.boot.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code token}: an access token that is valid now. */
@Command(
    name = "token",
    description = {
      "Prints an access token that is valid now.",
      "Of an account, or of any healthy one of a pool. Nothing else goes to standard output;"
          + " warnings go to standard error."
    })
public final class TokenCommand implements Callable<Integer> {

  @Mixin private Connection service = new Connection();

  @Parameters(paramLabel = "ACCOUNT", arity = "0..1", description = "The id of an account.")
  private @Nullable Long account;

  @Option(names = "--pool", paramLabel = "NAME")
  private @Nullable String pool;

  @Option(names = "--min-ttl", paramLabel = "SECONDS", description = "It lives at least so long.")
  private @Nullable Integer minTtl;

  @Option(names = "--max-wait-ms", paramLabel = "MS", description = "For a refresh, if need be.")
  private @Nullable Integer maxWait;

  @Option(
      names = "--if-generation-not",
      paramLabel = "N",
      description = "The token of that generation is no good: get a newer one.")
  private @Nullable Long generation;

  @Option(names = "--platform", description = "Refuse the account of any other platform.")
  private @Nullable String platform;

  @Option(names = "--include-benched", description = "Also the token of a benched account.")
  private boolean benched;

  @Option(names = "--exclude", paramLabel = "ID", description = "With --pool; may be repeated.")
  private @Nullable List<Long> exclude;

  @Option(
      names = "--session",
      paramLabel = "TEXT",
      description = "With --pool: the same text keeps getting the same account.")
  private @Nullable String session;

  @Override
  public Integer call() {
    if ((account == null) == (pool == null)) {
      throw service.misused("Name an ACCOUNT or a --pool");
    }
    Answer answer = service.api().send("POST", "/v1/token", body());
    if (service.json()) {
      return service.show(answer);
    }
    for (JsonNode warning : answer.json().path("warnings")) {
      service
          .err()
          .println(Json.text(warning.path("code")) + ": " + Json.text(warning.path("detail")));
    }
    service.out().println(answer.json().path("access_token").asText());
    return Exit.DONE.code();
  }

  private ObjectNode body() {
    ObjectNode body = Json.object();
    Json.put(body, "account", account);
    Json.put(body, "pool", pool);
    Json.put(body, "min_ttl", minTtl);
    Json.put(body, "max_wait_ms", maxWait);
    Json.put(body, "if_generation_not", generation);
    Json.put(body, "platform", platform);
    Json.put(body, "include_benched", benched ? true : null);
    Json.put(body, "exclude", exclude);
    Json.put(body, "session", session);
    return body;
  }
}
