package dev.evertoken.dev;

import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The story that the demo tells: a token is handed out and refreshed, the provider dies, an account
 * is benched, the pool fails over, the provider returns, the account recovers. Each step shows its
 * {@code curl} line and is checked.
 */
public final class DemoStory {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final DemoCaller caller;
  private final SimulatedProvider provider;
  private final PrintStream out;
  private final Map<Long, String> families = new HashMap<>();
  private int step;

  /**
   * A story about a running service.
   *
   * @param url where the service answers
   * @param key its admin key
   * @param provider the platform {@code demo} of that service
   */
  public DemoStory(String url, String key, SimulatedProvider provider, PrintStream out) {
    this.caller = new DemoCaller(url, key);
    this.provider = provider;
    this.out = out;
  }

  /** Tells it to the end; fails with {@link NotAsTold} at the first step that went otherwise. */
  public void tell() {
    out.println();
    out.println(
        "Two accounts at one provider: blue comes first, green stands by. Who asks for a token");
    out.println(
        "gets one that is valid now, whatever happens to the provider or to either account.");
    out.println("To try the lines below yourself:  export KEY=" + caller.key());
    long blue = createAccount("blue");
    long green = createAccount("green");
    firstToken(blue);
    fromMemory(blue);
    refreshed(blue);
    greenReady(green);
    providerDies(blue);
    failsOver(green);
    providerReturns(blue);
  }

  private long createAccount(String name) {
    NewFamily family = provider.newFamily("demo-" + name);
    JsonObject body =
        new JsonObject()
            .put("name", name)
            .put("platform", "demo")
            .put("type", "oauth")
            .put("priority", name.equals("blue") ? 10 : 20)
            .put("credentials", new JsonObject().put("refresh_token", family.refreshToken()));
    begin(
        "An account goes in: \"" + name + "\", of which we only know the refresh token.",
        "POST",
        "/v1/accounts",
        body);
    JsonObject account = expect(201, caller.post("/v1/accounts", body));
    long id = account.getLong("id");
    families.put(id, family.id());
    say("account " + id + " is " + account.getString("status") + "; its secrets are sealed");
    return id;
  }

  /** How often the provider was asked for that account, by the background too. */
  private int asked(long account) {
    return provider.ledger().presentations(families.getOrDefault(account, "")).size();
  }

  private void firstToken(long blue) {
    begin("A token comes out. There was none, so it is refreshed first.", blue);
    JsonObject answer = expect(200, caller.get(tokenOf(blue)));
    check(asked(blue) == 1, "the provider was asked once");
    show(answer);
  }

  private void fromMemory(long blue) {
    begin("Asked again, a hundred times: it comes from memory.", blue);
    JsonObject last = new JsonObject();
    for (int i = 0; i < 100; i++) {
      last = expect(200, caller.get(tokenOf(blue)));
    }
    check(asked(blue) == 1, "the provider was not asked again");
    show(last);
  }

  private void refreshed(long blue) {
    begin(
        "An operator refreshes it: the provider rotates the refresh token, and nothing is lost.",
        "POST",
        "/v1/accounts/" + blue + "/refresh",
        null);
    expect(200, caller.post("/v1/accounts/" + blue + "/refresh", new JsonObject()));
    JsonObject answer = expect(200, caller.get(tokenOf(blue)));
    check(asked(blue) == 2, "the provider was asked once more");
    check(provider.ledger().reuses().isEmpty(), "no refresh token was presented twice");
    show(answer);
  }

  private void greenReady(long green) {
    begin("The other account gets a token too.", green);
    JsonObject answer = expect(200, caller.get(tokenOf(green)));
    show(answer);
  }

  private void providerDies(long blue) {
    provider.switches().fault(Endpoint.TOKEN, Fault.error(503, "temporarily_unavailable"));
    long generation = expect(200, caller.get(tokenOf(blue))).getLong("generation");
    JsonObject report = new JsonObject().put("generation", generation).put("status", 401);
    begin(
        "The provider dies. Just then the upstream refuses blue's token, and a caller says so.",
        "POST",
        "/v1/accounts/" + blue + "/reports",
        report);
    JsonObject result = expect(202, caller.post("/v1/accounts/" + blue + "/reports", report));
    say("action: " + result.getString("action") + ": that token is answered to nobody any more");
    begin(
        "The refresh fails, is tried again, and blue is benched: 10 minutes as a rule, 5 s here.",
        blue);
    JsonObject refused = await(tokenOf(blue), DemoStory::coolingDown);
    say(refused.getInteger("status") + " " + refused.getString("code"));
    say(refused.getString("detail") + " from the provider");
  }

  private void failsOver(long green) {
    JsonObject wanted = new JsonObject().put("pool", "demo");
    begin(
        "A caller who asks the pool notices nothing: it fails over to green.",
        "POST",
        "/v1/token",
        wanted);
    JsonObject answer = expect(200, caller.post("/v1/token", wanted));
    check(answer.getJsonObject("account").getLong("id") == green, "the token is green's");
    show(answer);
  }

  private void providerReturns(long blue) {
    provider.switches().clearFaults();
    begin("The provider returns. The background refreshes blue as its bench ends.", blue);
    JsonObject answer = await(tokenOf(blue), json -> json.containsKey("access_token"));
    show(answer);
    JsonObject wanted = new JsonObject().put("pool", "demo");
    begin("And the pool hands out blue again.", "POST", "/v1/token", wanted);
    JsonObject pooled = expect(200, caller.post("/v1/token", wanted));
    check(pooled.getJsonObject("account").getLong("id") == blue, "the token is blue's");
    show(pooled);
    check(provider.ledger().reuses().isEmpty(), "no refresh token was ever presented twice");
  }

  private static boolean coolingDown(JsonObject json) {
    return "temporarily_unschedulable".equals(json.getString("code"));
  }

  private static String tokenOf(long account) {
    return "/v1/accounts/" + account + "/token";
  }

  private void begin(String title, long account) {
    begin(title, "GET", tokenOf(account), null);
  }

  private void begin(String title, String method, String path, @Nullable JsonObject body) {
    step++;
    out.println();
    out.println(step + ". " + title);
    out.println("   " + caller.curl(method, path, body));
  }

  private void show(JsonObject answer) {
    JsonObject account = answer.getJsonObject("account");
    say(
        "%s: a token of generation %d, %s, for %d more seconds"
            .formatted(
                account.getString("name"),
                answer.getLong("generation"),
                answer.getString("state"),
                answer.getLong("expires_in")));
  }

  private void say(String text) {
    out.println("   → " + text);
  }

  private JsonObject expect(int status, DemoCaller.Answer answer) {
    check(answer.status() == status, "answered " + answer.status() + " " + answer.body());
    return answer.json();
  }

  private JsonObject await(String path, Predicate<JsonObject> wanted) {
    long deadline = System.nanoTime() + SOON.toNanos();
    JsonObject last = caller.get(path).json();
    while (!wanted.test(last)) {
      check(System.nanoTime() < deadline, "still " + last.getString("code"));
      DemoCaller.pause(Duration.ofMillis(200));
      last = caller.get(path).json();
    }
    return last;
  }

  private void check(boolean asTold, String what) {
    if (!asTold) {
      throw new NotAsTold("step " + step + " was not as told: " + what);
    }
  }

  /** The story went otherwise. */
  public static final class NotAsTold extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotAsTold(String what) {
      super(what, null, false, false);
    }
  }
}
