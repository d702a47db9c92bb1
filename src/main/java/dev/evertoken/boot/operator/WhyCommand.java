package dev.evertoken.boot.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code accounts why}: why an account is or is not picked, and what to do. */
@Command(
    name = "why",
    description = "Explains why an account is or is not picked, and what to do about it.")
@SuppressWarnings("NullAway.Init") // the fields are set by picocli
final class WhyCommand implements Callable<Integer> {

  @ParentCommand private AccountsCommand parent;

  @Parameters(paramLabel = "ID")
  private long id;

  @Override
  public Integer call() {
    Connection service = parent.service();
    JsonNode account = service.api().get(AccountsCommand.one(id)).json();
    JsonNode proxy =
        account.hasNonNull("proxy_id")
            ? other("/v1/proxies/" + account.path("proxy_id").asLong())
            : null;
    JsonNode provider = other("/v1/providers/" + account.path("platform").asText());
    Explanation why =
        Explanation.of(
            account,
            proxy,
            provider == null || provider.isMissingNode() ? null : provider,
            Instant.now());
    List<String> places = why.reasons().isEmpty() ? places(account) : List.of();
    if (service.json()) {
      service.printJson(json(account, why, places).toString());
    } else {
      print(account, why, places);
    }
    return Exit.DONE.code();
  }

  /** What this key may not see is left out: null; what is gone is missing. */
  private @Nullable JsonNode other(String path) {
    try {
      return parent.service().api().get(path).json();
    } catch (Refusal refused) {
      return refused.exit() == Exit.NOT_FOUND ? MissingNode.getInstance() : null;
    }
  }

  /** Who goes before it, pool by pool. */
  private List<String> places(JsonNode account) {
    Set<String> pools = new LinkedHashSet<>();
    pools.add(account.path("platform").asText());
    account.path("pools").forEach(pool -> pools.add(pool.asText()));
    List<String> places = new ArrayList<>();
    for (String pool : pools) {
      places.add("In pool " + pool + ": " + place(account, pool) + ".");
    }
    return places;
  }

  private String place(JsonNode account, String pool) {
    Query query = new Query().with("pool", pool).with("schedulable", true).with("limit", 500);
    JsonNode page = parent.service().api().get(AccountsCommand.ALL + query).json();
    long priority = account.path("priority").asLong();
    int before = 0;
    int beside = 0;
    for (JsonNode other : page.path("items")) {
      before += other.path("priority").asLong() < priority ? 1 : 0;
      beside += other.path("priority").asLong() == priority ? 1 : 0;
    }
    String most = page.hasNonNull("next_cursor") ? "at least " : "";
    return "%s%d healthy account(s) of lower priority number go before it, %s%d share its %d"
        .formatted(most, before, most, Math.max(0, beside - 1), priority);
  }

  private void print(JsonNode account, Explanation why, List<String> places) {
    Connection service = parent.service();
    service
        .out()
        .printf(
            "Account %d \"%s\" (%s, %s) %s%n",
            id,
            Json.text(account.path("name")),
            Json.text(account.path("platform")),
            Json.text(account.path("type")),
            why.reasons().isEmpty() ? "can be picked." : "is not picked, because");
    for (Explanation.Reason reason : why.reasons()) {
      service.out().println("  - " + reason.text());
      service.out().println("    -> " + reason.next());
    }
    places.forEach(place -> service.out().println("  " + place));
    why.notes().forEach(note -> service.out().println("  " + note));
  }

  private static ObjectNode json(JsonNode account, Explanation why, List<String> places) {
    ObjectNode json = Json.object().put("picked", why.reasons().isEmpty());
    ArrayNode reasons = json.putArray("reasons");
    for (Explanation.Reason reason : why.reasons()) {
      reasons.add(
          Json.object()
              .put("kind", reason.kind())
              .put("text", reason.text())
              .put("next", reason.next()));
    }
    json.set("pools", Json.array(places));
    json.set("notes", Json.array(why.notes()));
    json.set("account", account);
    return json;
  }
}
