package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.rig.AnswerFile;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.OddProvider;
import dev.evertoken.scenario.OddAccounts.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Refusals: of one account for good, of all by mistake, and those that say nothing of a grant. */
final class RefusedAnswersTest {
  private static final Map<String, String> ROTATIONS =
      Map.of("strict", "strict", "grace", "{grace: 30s}", "until", "until_used", "none", "none");
  private static final AnswerFile OTHER_CLIENT = AnswerFile.in("one").getFirst();

  private final OddProvider provider = new OddProvider();

  @RegisterExtension private final Service service = service();

  private final OddAccounts accounts = new OddAccounts(provider, service);

  private Service service() {
    Service made =
        new Service().with("refresh.background", "true").with("refresh.scan_interval", "200ms");
    ROTATIONS.forEach(
        (name, rotation) -> {
          OddAccounts.platform(made, provider, name, rotation);
          for (AnswerFile file : AnswerFile.in("alive")) {
            OddAccounts.platform(made, provider, name + "-" + file.name(), rotation);
          }
        });
    return made;
  }

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  @DisplayName("a dead refresh token ends its account in error, and nobody else")
  void refusedForGood() {
    List<Held> healthy = new ArrayList<>();
    Map<Held, AnswerFile> dead = new LinkedHashMap<>();
    provider.answer(OddAccounts.good(4));
    for (String rotation : ROTATIONS.keySet()) {
      healthy.addAll(accounts.accounts(rotation, 5));
    }
    accounts.awaitServed(healthy, Duration.ofSeconds(20));
    List<AnswerFile> refusals =
        Stream.of(AnswerFile.in("refused"), AnswerFile.in("one"), OddSiblings.refused())
            .flatMap(List::stream)
            .toList();
    for (String rotation : ROTATIONS.keySet()) {
      for (AnswerFile refusal : refusals) {
        dead.put(accounts.account(rotation, refusal), refusal);
      }
    }
    List<Held> all = List.copyOf(dead.keySet());

    SoftAssertions softly = new SoftAssertions();
    long end = System.nanoTime() + Duration.ofSeconds(25).toNanos();
    while (System.nanoTime() < end && !all.stream().allMatch(accounts::isInError)) {
      accounts.tokens(all);
      served(softly, healthy);
    }
    dead.forEach((held, refusal) -> ended(softly, held, refusal));

    Map<Held, Integer> calls = new LinkedHashMap<>();
    all.forEach(held -> calls.put(held, provider.calls(held.grant()).size()));
    accounts.backgroundPasses(healthy.getFirst());
    accounts.tokens(all);
    served(softly, healthy);
    calls.forEach(
        (held, before) ->
            softly
                .assertThat(provider.calls(held.grant()).size())
                .as("called again: " + dead.get(held) + " " + held)
                .isEqualTo(before)
                .isBetween(1, 4));
    softly.assertAll();
  }

  private void ended(SoftAssertions softly, Held held, AnswerFile refusal) {
    String name = refusal + " " + refusal.body() + " " + held + accounts.shown(held);
    softly.assertThat(accounts.isInError(held)).as(name).isTrue();
    softly.assertThat(accounts.token(held).status()).as(name).isEqualTo(424);
  }

  private void served(SoftAssertions softly, List<Held> healthy) {
    accounts
        .tokens(healthy)
        .forEach(
            (held, answer) ->
                softly.assertThat(answer.status()).as(held + answer.body()).isEqualTo(200));
  }

  @Test
  @DisplayName("19 a client refused for several accounts is the platform's fault, and undone")
  void clientRefusedForAll() {
    for (String rotation : ROTATIONS.keySet()) {
      List<Held> all = accounts.accounts(rotation, 4);
      accounts.awaitServed(all, Duration.ofSeconds(20));
      provider.answer(OTHER_CLIENT);

      for (Held held : all) {
        accounts.refresh(held);
      }

      Await.until(
          () -> "the platform is suspended: " + accounts.shown(all.getFirst()),
          () -> all.stream().allMatch(held -> accounts.isBlockedBy(held, "provider")),
          Duration.ofSeconds(15));
      assertThat(all).noneMatch(accounts::isInError).noneMatch(accounts::isBenched);
      assertThat(all).allMatch(held -> accounts.token(held).status() == 200);

      provider.answer(AnswerFile.PLAIN);
      Await.until(
          () -> "the platform is back: " + accounts.shown(all.getFirst()),
          () -> all.stream().noneMatch(held -> accounts.isBlockedBy(held, "provider")),
          Duration.ofSeconds(20));
      assertThat(accounts.refreshes(all).values()).allMatch(answer -> answer.status() == 200);
    }
  }

  @Test
  @DisplayName("a page instead of an answer ends nobody, and all are served soon after it")
  void pages() {
    List<Held> all = onePerPlatform();
    // The first of each platform is benched while it has no neighbours yet.
    Await.until(
        "the first ones are benched",
        () -> all.stream().allMatch(accounts::isBenched),
        Duration.ofSeconds(20));
    for (int i = 0; i < 3; i++) {
      all.addAll(onePerPlatform());
    }

    long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
    while (System.nanoTime() < end) {
      assertThat(accounts.tokens(all).values()).noneMatch(answer -> answer.status() == 424);
    }
    provider.sameForAll();

    assertThat(all).noneMatch(accounts::isInError);
    accounts.awaitServed(all, Duration.ofSeconds(15));
    assertThat(provider.repeats()).isEmpty();
  }

  private List<Held> onePerPlatform() {
    List<Held> made = new ArrayList<>();
    for (String rotation : ROTATIONS.keySet()) {
      for (AnswerFile file : AnswerFile.in("alive")) {
        made.add(accounts.account(rotation + "-" + file.name(), file));
      }
    }
    return made;
  }
}
