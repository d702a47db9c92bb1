package dev.evertoken.scenario;

import dev.evertoken.rig.AnswerFile;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.OddProvider;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Accounts at an {@link OddProvider}, and what a caller sees of them. */
final class OddAccounts {

  /** An account, and its grant at the provider. */
  record Held(long id, String platform, String grant) {}

  private final OddProvider provider;
  private final Service service;

  OddAccounts(OddProvider provider, Service service) {
    this.provider = provider;
    this.service = service;
  }

  /** An answer as it should be, whose access token lives that long. */
  static AnswerFile good(int seconds) {
    return AnswerFile.json(
        200,
        "{\"access_token\":\"{AT}\",\"refresh_token\":\"{RT}\",\"expires_in\":" + seconds + "}");
  }

  /** A platform of that provider, quick to look again. */
  static Service platform(Service made, OddProvider provider, String name, String rotation) {
    return made.platform(name, "token_url", provider.url())
        .platform(name, "rotation", rotation)
        .platform(name, "limits", "{concurrency: 50, per_second: 1000}")
        .platform(name, "breaker", "{reset_timeout: 1s}");
  }

  /** An account without an access token. */
  Held account(String platform) {
    return account(platform, provider.grant(), "{}");
  }

  /** An account without an access token that is always answered so. */
  Held account(String platform, AnswerFile answer) {
    String grant = provider.grant();
    provider.answer(grant, answer);
    return account(platform, grant, "{}");
  }

  /** An account without an access token, with more in its creation body. */
  Held account(String platform, String grant, String more) {
    Answer created =
        service
            .talk()
            .post(
                "/v1/accounts",
                new JsonObject()
                    .put("name", grant)
                    .put("platform", platform)
                    .put("type", "oauth")
                    .put("credentials", new JsonObject().put("refresh_token", provider.live(grant)))
                    .mergeIn(new JsonObject(more)));
    if (created.status() != 201) {
      throw new AssertionError("not created: " + created.body());
    }
    return new Held(created.json().getLong("id"), platform, grant);
  }

  List<Held> accounts(String platform, int number) {
    List<Held> made = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      made.add(account(platform));
    }
    return made;
  }

  JsonObject shown(Held account) {
    return service.talk().account(account.id());
  }

  boolean isInError(Held account) {
    return "error".equals(shown(account).getString("status"));
  }

  boolean isBenched(Held account) {
    return shown(account).getJsonObject("temp_unschedulable").getBoolean("active");
  }

  /** Whether it is out because its platform or its way there is suspended. */
  boolean isBlockedBy(Held account, String kind) {
    return shown(account).getJsonArray("blocked_by").stream()
        .anyMatch(blocker -> kind.equals(((JsonObject) blocker).getString("kind")));
  }

  Answer token(Held account) {
    return service.talk().token(account.id());
  }

  Answer refresh(Held account) {
    return service.talk().post("/v1/accounts/" + account.id() + "/refresh", null);
  }

  Map<Held, Answer> tokens(List<Held> accounts) {
    return all(accounts, held -> service.talk().asking(held.id()));
  }

  Map<Held, Answer> refreshes(List<Held> accounts) {
    return all(
        accounts, held -> service.talk().posting("/v1/accounts/" + held.id() + "/refresh", null));
  }

  private static Map<Held, Answer> all(
      List<Held> accounts, Function<Held, CompletableFuture<Answer>> question) {
    Map<Held, CompletableFuture<Answer>> asked = new LinkedHashMap<>();
    accounts.forEach(held -> asked.put(held, question.apply(held)));
    Map<Held, Answer> answers = new LinkedHashMap<>();
    asked.forEach((held, answer) -> answers.put(held, answer.join()));
    return answers;
  }

  /** Lets the background look at every account: until it has refreshed that one again. */
  void backgroundPasses(Held control) {
    int before = provider.calls(control.grant()).size();
    Await.until(
        () -> "the background has refreshed " + shown(control),
        () -> provider.calls(control.grant()).size() >= before + 2,
        Duration.ofSeconds(30));
  }

  /** Waits until each of them is answered with the token that its provider gave last. */
  void awaitServed(List<Held> accounts, Duration patience) {
    Await.until(
        () -> "all are served: " + notServed(accounts),
        () -> notServed(accounts).isEmpty(),
        patience);
  }

  private List<String> notServed(List<Held> accounts) {
    return tokens(accounts).entrySet().stream()
        .filter(each -> each.getValue().status() != 200)
        .map(each -> each.getKey() + " " + each.getValue().body())
        .toList();
  }
}
