package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.adapter.journal.EscrowListing;
import dev.evertoken.rig.AnswerFile;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.OddProvider;
import dev.evertoken.scenario.OddAccounts.Held;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All answers of a provider become such that nobody can read them, for a fleet that is due. */
final class UnreadableFleetTest {

  /** Unreadable without a template that knows the places. */
  private static final AnswerFile DEEP =
      AnswerFile.json(200, "{\"x\":{\"y\":{\"tok\":\"{AT}\",\"ref\":\"{RT}\"}}}");

  private final OddProvider provider = new OddProvider();

  @RegisterExtension private final Service service = service();

  private final OddAccounts accounts = new OddAccounts(provider, service);

  private Service service() {
    Service made =
        new Service().with("refresh.background", "true").with("refresh.scan_interval", "200ms");
    OddAccounts.platform(made, provider, "fleet", "strict");
    OddAccounts.platform(made, provider, "control", "strict");
    return made.platform("fleet", "limits", "{concurrency: 2, per_second: 2}");
  }

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  @DisplayName("of twenty due accounts at most six are spent, and those are read by a new template")
  void fewAreSpent() throws IOException {
    Held control = accounts.account("control", OddAccounts.good(4));
    provider.answer(DEEP);
    List<Held> fleet = accounts.accounts("fleet", 20);
    Await.until(
        "the route is suspended",
        () -> fleet.stream().allMatch(held -> accounts.isBlockedBy(held, "provider")),
        Duration.ofSeconds(20));
    accounts.tokens(fleet);
    accounts.backgroundPasses(control);
    List<Held> spent = fleet.stream().filter(held -> provider.spent(held.grant()) > 0).toList();
    assertThat(spent).hasSizeBetween(2, 6);
    assertThat(fleet).noneMatch(accounts::isInError);

    provider.answer(AnswerFile.PLAIN);
    List<Held> others = new ArrayList<>(fleet);
    others.removeAll(spent);
    spent.forEach(held -> assertThat(accounts.refresh(held).code()).isEqualTo("outcome_unknown"));
    Answer byOperator =
        service.talk().post("/v1/accounts/" + others.getFirst().id() + "/refresh?force=true", null);
    assertThat(byOperator.status()).as(byOperator.body()).isEqualTo(200);
    accounts.awaitServed(others, Duration.ofSeconds(30));

    List<EscrowListing.Item> kept =
        EscrowListing.read(service.data(0), Instant.now()).stream()
            .filter(item -> item.committedAt() == null)
            .toList();
    assertThat(kept)
        .extracting(EscrowListing.Item::account)
        .containsExactlyInAnyOrderElementsOf(spent.stream().map(Held::id).toList());
    assertThat(kept.toString()).doesNotContain("rt-g", "at-g");
    spent.forEach(held -> assertThat(accounts.token(held).code()).isEqualTo("outcome_unknown"));

    Map<String, String> tokens = new TreeMap<>();
    spent.forEach(held -> tokens.put(held.grant(), provider.accessToken(held.grant())));
    service.platform("fleet", "answer", "{access_token: x.y.tok, refresh_token: x.y.ref}");
    service.restart();

    accounts.awaitServed(spent, Duration.ofSeconds(20));
    Map<String, String> served = new TreeMap<>();
    accounts.tokens(spent).forEach((held, token) -> served.put(held.grant(), token.token()));
    assertThat(served).isEqualTo(tokens);
    assertThat(spent).allMatch(held -> provider.calls(held.grant()).size() == 1);
    assertThat(provider.repeats()).isEmpty();
  }
}
