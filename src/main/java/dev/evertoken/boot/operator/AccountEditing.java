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
import picocli.CommandLine.ParentCommand;

/** Makes and changes accounts; their secrets come by standard input. */
final class AccountEditing {

  private static final String NONE = "none";

  private AccountEditing() {}

  /** What an account can be given both at its creation and later. */
  @Command
  static final class Traits {

    @Option(
        names = "--proxy",
        paramLabel = "ID",
        description = "The proxy that it goes through, always.")
    private @Nullable String proxy;

    @Option(
        names = "--pool",
        paramLabel = "NAME",
        description = "A pool that it is in, besides its platform's; may be repeated.")
    private @Nullable List<String> pools;

    @Option(names = "--priority", paramLabel = "N", description = "Lower goes first (default 50).")
    private @Nullable Integer priority;

    @Option(names = "--project", paramLabel = "ID", description = "Its project at the provider.")
    private @Nullable String project;

    @Option(names = "--email", paramLabel = "ADDRESS")
    private @Nullable String email;

    ObjectNode body(Connection service, ObjectNode credentials) {
      ObjectNode body = Json.object();
      if (NONE.equals(proxy)) {
        body.putNull("proxy_id");
      } else if (proxy != null) {
        body.put("proxy_id", number(service, proxy));
      }
      if (pools != null) {
        body.set("pools", Json.array(pools.equals(List.of(NONE)) ? List.of() : pools));
      }
      Json.put(body, "priority", priority);
      Json.put(credentials, "project_id", project);
      Json.put(credentials, "email", email);
      if (!credentials.isEmpty()) {
        body.set("credentials", credentials);
      }
      return body;
    }

    private static long number(Connection service, String text) {
      if (!text.matches("[1-9]\\d{0,17}")) {
        throw service.misused("--proxy takes the id of a proxy, or none");
      }
      return Long.parseLong(text);
    }
  }

  /** {@code accounts create}. */
  @Command(
      name = "create",
      description = {
        "Makes an account.",
        "Its secret comes by standard input: the refresh token (for --type upstream the API key),"
            + " or a JSON object of credentials, such as"
            + " {\"refresh_token\":\"…\",\"access_token\":\"…\",\"expires_at\":\"…\"}."
      })
  @SuppressWarnings("NullAway.Init") // set by picocli
  static final class Create implements Callable<Integer> {

    @ParentCommand private AccountsCommand accounts;
    @Mixin private Traits traits = new Traits();

    @Parameters(paramLabel = "NAME", description = "A label; need not be unique.")
    private String name = "";

    @Option(names = "--platform", required = true, description = "As in conf/providers.yaml.")
    private String platform = "";

    @Option(names = "--type", description = "oauth (the default) or upstream: a static API key.")
    private String type = "oauth";

    @Option(names = "--paused", description = "Not picked until 'accounts resume'.")
    private boolean paused;

    @Override
    public Integer call() {
      Connection service = accounts.service();
      ObjectNode credentials = credentials(service, type.equals("upstream"));
      ObjectNode body = Json.object().put("name", name).put("platform", platform).put("type", type);
      body.setAll(traits.body(service, credentials));
      if (paused) {
        body.put("paused", true);
      }
      return service.show(service.api().send("POST", AccountsCommand.ALL, body));
    }
  }

  /** {@code accounts edit}. */
  @Command(
      name = "edit",
      description = {
        "Changes what is given and leaves the rest.",
        "'none' takes away the proxy, or the pools. With --credentials the secret comes by standard"
            + " input, as for 'accounts create'."
      })
  @SuppressWarnings("NullAway.Init") // set by picocli
  static final class Edit implements Callable<Integer> {

    @ParentCommand private AccountsCommand accounts;
    @Mixin private Traits traits = new Traits();

    @Parameters(paramLabel = "ID")
    private long id;

    @Option(names = "--name")
    private @Nullable String name;

    @Option(names = "--status", description = "active or disabled.")
    private @Nullable String status;

    @Option(names = "--credentials", description = "Read a new secret.")
    private boolean renewed;

    @Override
    public Integer call() {
      Connection service = accounts.service();
      String path = AccountsCommand.one(id);
      ObjectNode credentials =
          renewed ? credentials(service, isUpstream(service, path)) : Json.object();
      ObjectNode body = traits.body(service, credentials);
      Json.put(body, "name", name);
      Json.put(body, "status", status);
      if (body.isEmpty()) {
        throw service.misused("Nothing to change was given");
      }
      return service.show(service.api().send("PATCH", path, body));
    }

    private static boolean isUpstream(Connection service, String path) {
      return service.api().get(path).json().path("type").asText().equals("upstream");
    }
  }

  /** One secret, or a JSON object of all of them. */
  private static ObjectNode credentials(Connection service, boolean upstream) {
    String given = service.secret(upstream ? "API key" : "Refresh token").reveal();
    if (!given.startsWith("{")) {
      return Json.object().put(upstream ? "api_key" : "refresh_token", given);
    }
    JsonNode json = Json.read(given);
    if (json instanceof ObjectNode object) {
      return object;
    }
    throw new Refusal(Exit.USAGE, "what came by standard input is neither a secret nor JSON");
  }
}
