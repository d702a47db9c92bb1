package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.dev.ProviderClients;
import dev.evertoken.rig.FakeProxy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A life of the service with a secret of every kind, through success and every kind of failure, in
 * which whoever can repeats the secrets it was given.
 */
final class SecretsRun {

  /** What every token of the provider begins with. */
  private static final String TOKEN = "canary7token";

  private static final String CLIENT_SECRET = "canary7clientsecret-0123456789";
  private static final String STATIC_KEY = "canary7statickey-0123456789";
  private static final String PROXY_PASSWORD = "canary7proxypassword";

  private final Service service;
  private final Canaries canaries = new Canaries();
  private final List<String> answers = new ArrayList<>();

  SecretsRun(Service service) {
    this.service = service;
  }

  /** Makes the service ready for the run; to be called before it starts. */
  static Service prepared(Service service) {
    return service
        .with("refresh.retry_backoff", "5ms")
        .with("log.level", "debug")
        .acme("client_secret", CLIENT_SECRET)
        .acme("breaker", "{max_failures: 1000, reset_timeout: 1s}")
        .acme("refresh", "{connect_timeout: 2s, tls_timeout: 2s, total_timeout: 2s}")
        .acme("revocation_url", "\"{provider}/revoke\"")
        .acme(
            "project",
            "{load_urls: [\"{provider}/v1internal:loadCodeAssist\"], onboard_urls:"
                + " [\"{provider}/v1internal:onboardUser\"]}")
        .platform("throttled", "client_secret", CLIENT_SECRET)
        .platform("moved", "client_secret", CLIENT_SECRET)
        .platform("refused", "client_secret", "canary7clientsecret-that-is-wrong");
  }

  Canaries canaries() {
    return canaries;
  }

  /** Every answer but those that are meant to hold a secret. */
  List<String> answers() {
    return answers;
  }

  void live() {
    service.provider().clients().accept(ProviderClients.DEFAULT_ID, CLIENT_SECRET);
    canaries
        .add("a token", TOKEN)
        .add("a client secret", "canary7clientsecret")
        .add("a static key", STATIC_KEY)
        .add("a proxy's password", PROXY_PASSWORD)
        .add("the admin key", Service.ADMIN_KEY);
    keysetMaterial().forEach(material -> canaries.add("the keyset", material));
    String key = key();
    canaries.add("an API key", key.split("_", 3)[2]);

    Talk caller = service.talk().as(key);
    success(caller);
    failures(caller);
    proxies(caller);
    platforms(caller);
    badRequests(caller);
    keep(service.talk().get("/v1/accounts?limit=500"));
    keep(service.talk().get("/v1/proxies"));
    keep(service.talk().get("/v1/keys"));
    keep(service.talk().get("/metrics"));
  }

  private Answer keep(Answer answer) {
    answers.add(answer.body() + "\n" + answer.response().headers().map());
    return answer;
  }

  private List<String> keysetMaterial() {
    Path file = service.folder().resolve("keyset.json");
    try {
      JsonObject keyset = new JsonObject(Files.readString(file));
      List<String> found = new ArrayList<>();
      collect(keyset, found);
      assertThat(found).isNotEmpty();
      return found;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void collect(Object json, List<String> found) {
    switch (json) {
      case JsonObject object ->
          object.forEach(
              entry -> {
                if (entry.getKey().equals("value") && entry.getValue() instanceof String text) {
                  found.add(text);
                }
                collect(entry.getValue(), found);
              });
      case JsonArray array -> array.forEach(item -> collect(item, found));
      case null, default -> {}
    }
  }

  private String key() {
    return service
        .talk()
        .post(
            "/v1/keys",
            new JsonObject().put("name", "caller").put("scopes", new JsonArray().add("admin")))
        .text("key");
  }

  private NewFamily family() {
    return service.provider().newFamily(TOKEN);
  }

  private static JsonObject credentials(NewFamily family) {
    return new JsonObject()
        .put("refresh_token", family.refreshToken())
        .put("access_token", family.accessToken().value())
        .put("expires_at", Instant.now().plus(Duration.ofMinutes(40)).toString());
  }

  private void success(Talk caller) {
    NewFamily family = family();
    long id = service.account(family);
    for (int i = 0; i < 3; i++) {
      Answer token = caller.token(id);
      assertThat(token.status()).isEqualTo(200);
      assertThat(token.token()).startsWith(TOKEN);
      keep(caller.post("/v1/accounts/" + id + "/refresh", new JsonObject()));
    }
    keep(caller.get("/v1/accounts/" + id));
    long fixed = service.staticAccount(STATIC_KEY);
    assertThat(caller.token(fixed).token()).isEqualTo(STATIC_KEY);
    keep(caller.post("/v1/accounts/" + fixed + "/refresh", new JsonObject()));
    keep(caller.get("/v1/accounts/" + fixed));
    keep(
        caller.post(
            "/v1/accounts",
            new JsonObject()
                .put("name", "twin")
                .put("platform", "acme")
                .put("type", "oauth")
                .put(
                    "credentials",
                    new JsonObject()
                        .put(
                            "refresh_token",
                            service.provider().ledger().liveLeaf(family.id()).orElseThrow()))));
    keep(
        caller.patch(
            "/v1/accounts/" + id, new JsonObject().put("credentials", credentials(family()))));
    keep(
        caller.post(
            "/v1/accounts/" + id + "/reports",
            new JsonObject()
                .put("generation", caller.account(id).getLong("generation"))
                .put("status", 429)
                .put("message", "Bearer " + family.accessToken().value() + " is tired")));
    keep(caller.get("/v1/accounts/" + id + "/temp-unschedulable"));
    long gone = service.account(family());
    caller.token(gone);
    keep(caller.delete("/v1/accounts/" + gone));
  }

  /** Answers of a provider that repeats what it was given. */
  private void failures(Talk caller) {
    for (int status : List.of(400, 401, 403, 404, 408, 500, 503)) {
      for (String form :
          List.of(
              "{\"error\":\"%s\",\"error_description\":\"%s\"}",
              "{\"error\":{\"code\":\"%2$s\",\"message\":\"%2$s\"}}", "<html>%2$s</html>")) {
        NewFamily family = family();
        String body = form.formatted("invalid_grant", family.refreshToken());
        failing(
            caller, family, Fault.reply(status, Map.of("content-type", "application/json"), body));
      }
    }
    failing(caller, family(), Fault.brokenJson());
    NewFamily html = family();
    failing(caller, html, Fault.html("<p>" + html.refreshToken() + " " + CLIENT_SECRET + "</p>"));
    failing(caller, family(), Fault.drop());
    failing(caller, family(), Fault.hang());
    failing(caller, family(), Fault.oversized(3_000_000));
    NewFamily odd = family();
    failing(
        caller,
        odd,
        Fault.json(
            200,
            "{\"access_token\":\"\",\"refresh_token\":\"%s\",\"expires_in\":\"%s\"}"
                .formatted(odd.refreshToken(), odd.refreshToken())));
    service.provider().switches().fault(Endpoint.LOAD, Fault.error(500, TOKEN + CLIENT_SECRET));
    service.provider().switches().fault(Endpoint.REVOKE, Fault.error(500, TOKEN));
    long last = service.account(family());
    caller.token(last);
    keep(caller.delete("/v1/accounts/" + last));
  }

  private void failing(Talk caller, NewFamily family, Fault fault) {
    service.provider().switches().fault(family.id(), Endpoint.TOKEN, fault);
    long id = service.account(family);
    Answer answer = keep(caller.token(id));
    assertThat(answer.status()).as(fault + " " + answer.body()).isGreaterThanOrEqualTo(400);
    keep(caller.get("/v1/accounts/" + id));
    keep(caller.post("/v1/accounts/" + id + "/refresh", new JsonObject()));
    keep(
        caller.post(
            "/v1/accounts/batch-refresh", new JsonObject().put("ids", new JsonArray().add(id))));
  }

  private void proxies(Talk caller) {
    try (FakeProxy good = FakeProxy.http("user", PROXY_PASSWORD);
        FakeProxy strict = FakeProxy.socks5("user", "another")) {
      String wrong = strict.url().replace("another", PROXY_PASSWORD + "-wrong");
      for (String url :
          List.of(good.url(), wrong, "http://user:" + PROXY_PASSWORD + "@127.0.0.1:1")) {
        Answer proxy =
            keep(caller.post("/v1/proxies", new JsonObject().put("name", "px").put("url", url)));
        long id =
            service.account(family(), body -> body.put("proxy_id", proxy.json().getLong("id")));
        Answer token = caller.token(id);
        if (token.status() != 200) {
          keep(token);
        }
        keep(caller.get("/v1/proxies/" + proxy.json().getLong("id")));
        keep(caller.get("/v1/accounts/" + id));
      }
      keep(
          caller.post(
              "/v1/proxies",
              new JsonObject()
                  .put("name", "px")
                  .put("url", "ftp://user:" + PROXY_PASSWORD + "@h:1")));
    }
  }

  private void platforms(Talk caller) {
    NewFamily slow = family();
    NewFamily gone = family();
    service.provider().switches().fault(slow.id(), Endpoint.TOKEN, Fault.tooManyRequests("30"));
    service
        .provider()
        .switches()
        .fault(
            gone.id(),
            Endpoint.TOKEN,
            Fault.redirect(302, "http://127.0.0.1:1/?refresh_token=" + gone.refreshToken()));
    Map<String, NewFamily> families = Map.of("throttled", slow, "moved", gone, "refused", family());
    families.forEach(
        (platform, family) -> {
          long id = service.account(family, body -> body.put("platform", platform));
          assertThat(keep(caller.token(id)).status()).as(platform).isEqualTo(503);
          keep(caller.get("/v1/accounts/" + id));
        });
  }

  private void badRequests(Talk caller) {
    keep(caller.get("/v1/accounts/1/token?access_token=" + STATIC_KEY));
    keep(caller.get("/v1/" + STATIC_KEY));
    keep(caller.post("/v1/token", new JsonObject().put("account", STATIC_KEY)));
    keep(caller.as("evt_1_" + TOKEN.repeat(4)).get("/v1/accounts"));
    keep(caller.as(STATIC_KEY).get("/v1/accounts"));
    keep(
        caller.post(
            "/v1/accounts",
            new JsonObject()
                .put("name", "bad")
                .put("platform", "acme")
                .put("type", "oauth")
                .put(
                    "credentials",
                    new JsonObject().put("refresh_token", new JsonArray().add(TOKEN)))));
    keep(
        caller.post(
            "/v1/accounts",
            new JsonObject()
                .put("name", "bad")
                .put("platform", "acme")
                .put("type", "oauth")
                .put(
                    "credentials",
                    new JsonObject().put("refresh_token", TOKEN).put("expires_at", STATIC_KEY))));
  }
}
