package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.adapter.journal.EscrowListing;
import dev.evertoken.rig.AnswerFile;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.OddProvider;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Odd answers that spend the refresh token: each is read, or kept, and nothing is lost. */
final class LostAnswersTest {
  private static final Map<String, String> ROTATIONS =
      Map.of("strict", "strict", "grace", "{grace: 30s}", "until", "until_used", "none", "none");

  /** What under {@code rotation: none} says only that the provider failed. */
  private static final Set<String> UNREADABLE =
      Set.of("xml", "brotli-unasked", "page", "nothing", "array", "cut-in-the-refresh-token");

  private record Case(AnswerFile file, String rotation, String grant, long id) {
    @Override
    public String toString() {
      return file + " under " + rotation;
    }
  }

  private final OddProvider provider = new OddProvider();
  private final List<Case> cases = new ArrayList<>();
  private String control = "";

  @RegisterExtension private final Service service = service();

  private Service service() {
    Service made =
        new Service()
            .with("refresh.background", "true")
            .with("refresh.scan_interval", "200ms")
            .with("temp_unsched.duration", "1s");
    ROTATIONS.forEach(
        (name, rotation) ->
            files().forEach(file -> platform(made, platform(file, name), rotation)));
    return platform(made, "control", "strict");
  }

  private Service platform(Service made, String name, String rotation) {
    return made.platform(name, "token_url", provider.url())
        .platform(name, "rotation", rotation)
        .platform(name, "limits", "{concurrency: 50, per_second: 1000}")
        .platform(name, "breaker", "{reset_timeout: 1s}");
  }

  private static String platform(AnswerFile file, String rotation) {
    return rotation + "-" + file.name();
  }

  private static List<AnswerFile> files() {
    return Stream.of(
            AnswerFile.in("lost"),
            AnswerFile.in("expiry"),
            OddSiblings.lost(),
            OddSiblings.expiry())
        .flatMap(List::stream)
        .toList();
  }

  @BeforeEach
  void accounts() {
    control = provider.grant();
    provider.answer(control, AnswerFile.json(200, plain(4)));
    account("control", control);
    for (String rotation : ROTATIONS.keySet()) {
      for (AnswerFile file : files()) {
        String grant = provider.grant();
        provider.answer(grant, file);
        if (rotation.equals("none") && UNREADABLE.contains(file.name())) {
          provider.keeps(grant);
        }
        cases.add(new Case(file, rotation, grant, account(platform(file, rotation), grant)));
      }
    }
  }

  private static String plain(int seconds) {
    return "{\"access_token\":\"{AT}\",\"refresh_token\":\"{RT}\",\"expires_in\":" + seconds + "}";
  }

  @AfterEach
  void close() {
    provider.close();
  }

  private long account(String platform, String grant) {
    Answer created =
        service
            .talk()
            .post(
                "/v1/accounts",
                new JsonObject()
                    .put("name", grant)
                    .put("platform", platform)
                    .put("type", "oauth")
                    .put("paused", true)
                    .put(
                        "credentials",
                        new JsonObject().put("refresh_token", provider.live(grant))));
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    return created.json().getLong("id");
  }

  @Test
  @DisplayName("4 an odd answer is read or kept, and no spent refresh token is presented again")
  void nothingIsLost() throws IOException {
    SoftAssertions softly = new SoftAssertions();
    askAll().forEach((it, answer) -> first(softly, it, answer));

    refreshAll().forEach((it, answer) -> second(softly, it, answer));
    backgroundPasses();
    askAll();
    noRepeats(softly, "before the restart");

    provider.sameForAll();
    provider.answer(control, AnswerFile.json(200, plain(4)));
    service.restart();
    backgroundPasses();
    refreshAll();
    Set<Long> kept =
        EscrowListing.read(service.data(0), Instant.now()).stream()
            .map(EscrowListing.Item::account)
            .collect(Collectors.toSet());
    askAll().forEach((it, answer) -> last(softly, it, answer, kept));
    noRepeats(softly, "after the restart");
    softly.assertAll();
  }

  private void first(SoftAssertions softly, Case it, Answer answer) {
    if (it.file.isServed()) {
      softly.assertThat(answer.status()).as(it + " first: " + answer.body()).isEqualTo(200);
    }
    if (answer.status() == 200) {
      softly.assertThat(answer.token()).as(it.toString()).isEqualTo(provider.accessToken(it.grant));
      it.file.life().ifPresent(life -> lives(softly, it, answer, life));
    }
  }

  private static void lives(SoftAssertions softly, Case it, Answer answer, Duration life) {
    Instant latest = Instant.now().plus(life).plusSeconds(5);
    softly
        .assertThat(Instant.parse(answer.text("expires_at")))
        .as(it.toString())
        .isBefore(latest)
        .isAfter(latest.minus(life.dividedBy(2)));
  }

  private void second(SoftAssertions softly, Case it, Answer answer) {
    if (it.file.isServed()) {
      softly.assertThat(answer.status()).as(it + " again: " + answer.body()).isEqualTo(200);
      softly.assertThat(provider.spent(it.grant)).as(it.toString()).isGreaterThanOrEqualTo(2);
      String token = service.talk().token(it.id).body();
      softly.assertThat(token).as(it.toString()).contains(provider.accessToken(it.grant));
    }
  }

  private void last(SoftAssertions softly, Case it, Answer answer, Set<Long> kept) {
    softly.assertThat(provider.ended(it.grant)).as(it.toString()).isFalse();
    if (answer.status() == 200) {
      softly.assertThat(answer.token()).as(it.toString()).isEqualTo(provider.accessToken(it.grant));
    } else {
      JsonObject account = service.talk().account(it.id);
      softly.assertThat(it.file.isServed()).as(it + ": " + answer.body()).isFalse();
      softly.assertThat(answer.code()).as(it + ": " + answer.body()).isEqualTo("outcome_unknown");
      softly.assertThat(account.getString("unreadable_since")).as(it.toString()).isNotNull();
      softly.assertThat(kept).as(it.toString()).contains(it.id);
    }
  }

  private void noRepeats(SoftAssertions softly, String when) {
    List<String> repeated = provider.repeats().stream().map(OddProvider.Call::grant).toList();
    softly
        .assertThat(cases.stream().filter(it -> repeated.contains(it.grant)))
        .as("presented again " + when)
        .isEmpty();
  }

  /** Lets the background look at every account a few times. */
  private void backgroundPasses() {
    int before = provider.calls(control).size();
    Await.until(
        "the background has refreshed another account",
        () -> provider.calls(control).size() >= before + 2,
        Duration.ofSeconds(30));
  }

  private Map<Case, Answer> askAll() {
    return all(it -> service.talk().asking(it.id));
  }

  private Map<Case, Answer> refreshAll() {
    return all(it -> service.talk().posting("/v1/accounts/" + it.id + "/refresh", null));
  }

  private Map<Case, Answer> all(
      java.util.function.Function<Case, CompletableFuture<Answer>> question) {
    Map<Case, CompletableFuture<Answer>> asked =
        cases.stream().collect(Collectors.toMap(it -> it, question));
    return asked.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().join()));
  }
}
