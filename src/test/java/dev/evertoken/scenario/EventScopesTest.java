package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who hears of what is no account, and of accounts by the pool of their platform. */
final class EventScopesTest {

  @RegisterExtension private final Service service = new Service().platform("other");

  private static JsonObject json(String text) {
    return new JsonObject(text);
  }

  private Talk limited(String limit, Object to) {
    JsonObject key =
        json("{\"name\":\"k\",\"scopes\":[\"events:read\"]}").put(limit, new JsonArray().add(to));
    Answer created = service.talk().post("/v1/keys", key);
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    return service.talk().as(created.text("key"));
  }

  @Test
  @DisplayName("82 a limited key hears of the accounts of its platform, and of no proxy")
  void limitedToAPlatform() {
    long mine = service.account(service.provider().newFamily());
    long theirs =
        service.account(service.provider().newFamily(), body -> body.put("platform", "other"));
    Answer proxy =
        service.talk().post("/v1/proxies", json("{\"name\":\"p\",\"url\":\"http://127.0.0.1:1\"}"));
    String switched = "/v1/proxies/" + proxy.json().getLong("id");
    try (Hearing all = service.talk().events("", "");
        Hearing ofThePool = limited("pools", "acme").events("", "");
        Hearing ofTheAccount = limited("accounts", mine).events("", "")) {
      service.talk().patch(switched, json("{\"disabled\":true}"));
      service.talk().patch(switched, json("{\"disabled\":false}"));
      service.talk().patch("/v1/accounts/" + theirs, json("{\"name\":\"x\"}"));
      all.await("proxy_up", 1);
      all.await("changed", 1);
      service.talk().patch("/v1/accounts/" + mine, json("{\"name\":\"y\"}"));

      all.await("changed", 2);
      ofThePool.await("changed", 1);
      ofTheAccount.await("changed", 1);
      assertThat(all.types()).containsSubsequence("proxy_down", "proxy_up", "changed", "changed");
      for (Hearing limited : new Hearing[] {ofThePool, ofTheAccount}) {
        assertThat(limited.types()).containsExactly("changed");
        assertThat(limited.events).allMatch(event -> event.data().getLong("account") == mine);
      }
    }
  }
}
