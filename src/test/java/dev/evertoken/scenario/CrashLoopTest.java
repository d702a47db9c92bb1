package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.NewFamily;
import dev.evertoken.dev.Presentation;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.ServiceProcess;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The real service, killed by {@code kill -9} at six places of a refresh and started again over its
 * folder; each crash on an account of its own, judged by the ledger of the provider.
 *
 * <p>{@code -Devertoken.crashes=20} says how often at each place.
 */
final class CrashLoopTest {

  private static final int TIMES = Integer.getInteger("evertoken.crashes", 3);

  /** So many processes crash side by side, each over a folder of its own. */
  private static final int LANES = 3;

  @RegisterExtension
  private final Service service =
      new Service()
          .acme(
              "refresh",
              "{connect_timeout: 1s, tls_timeout: 1s, total_timeout: 2s, request_timeout: 2s}");

  /**
   * Where the process dies, and what must be true of the account afterwards. The order matters: an
   * answer that is left in escrow is replayed by the next start, whose own fail point must not lie
   * on the way of that.
   */
  private enum Death {
    BEFORE_CLAIM("before_claim:kill", After.UNTOUCHED),
    /** The commit is held up, so that the answer is in escrow only. */
    AFTER_ESCROW("before_commit:60000,after_escrow:kill", After.KEPT),
    AFTER_ANSWER("after_answer:kill", After.UNKNOWN),
    BEFORE_COMMIT("before_commit:kill", After.KEPT_OR_UNKNOWN),
    AFTER_CLAIM("after_claim:kill", After.UNKNOWN),
    AFTER_COMMIT("after_commit:kill", After.KEPT);

    final String failPoint;
    final After after;

    Death(String failPoint, After after) {
      this.failPoint = failPoint;
      this.after = after;
    }
  }

  private enum After {
    UNTOUCHED,
    KEPT,
    UNKNOWN,
    KEPT_OR_UNKNOWN
  }

  private record Victim(Death death, long account, NewFamily family) {}

  @Test
  @Timeout(3600)
  void noRefreshTokenIsPresentedTwiceAndNoAnswerThatWasSyncedIsLost() {
    List<Victim> victims = inLanes(this::crashes).stream().<Victim>mapMulti(List::forEach).toList();
    assertThat(victims).hasSize(TIMES * Death.values().length);

    service.with("refresh.background", "true");
    List<ServiceProcess> survivors = inLanes(lane -> service.process(lane, null));
    Talk talk = service.talk(survivors.getFirst());
    victims.forEach(victim -> awaitSettled(talk, victim));

    assertThat(service.provider().ledger().reuses()).isEmpty();
    victims.forEach(victim -> servesAValidToken(talk, victim));
    victims.forEach(victim -> refreshesOrSaysUnknown(talk, victim));
    assertThat(service.provider().ledger().reuses()).isEmpty();
    victims.forEach(victim -> endsVisibly(talk, victim));
  }

  private static <T> List<T> inLanes(IntFunction<T> work) {
    try (ExecutorService threads = Executors.newFixedThreadPool(LANES)) {
      return IntStream.rangeClosed(1, LANES)
          .mapToObj(lane -> CompletableFuture.supplyAsync(() -> work.apply(lane), threads))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    }
  }

  private List<Victim> crashes(int lane) {
    List<Victim> victims = new ArrayList<>();
    for (int i = lane; i <= TIMES; i += LANES) {
      for (Death death : Death.values()) {
        victims.add(die(lane, death));
      }
    }
    return victims;
  }

  /** Starts the node over what the last crash of its lane left, and lets a refresh kill it. */
  private Victim die(int lane, Death death) {
    NewFamily family = service.provider().newFamily();
    Victim victim = new Victim(death, service.account(family, Duration.ofMinutes(40)), family);
    ServiceProcess process = service.process(lane, death.failPoint);
    CompletableFuture<Answer> asked =
        service.talk(process).posting("/v1/accounts/" + victim.account() + "/refresh", null);

    assertThat(process.exitCode(Duration.ofSeconds(30))).as("killed " + death).isEqualTo(137);

    assertThat(asked.handle((answer, cut) -> cut).join()).as("cut off " + death).isNotNull();
    process.close();
    return victim;
  }

  /** Escrow is replayed at start; claims that a crash left lapse. */
  private void awaitSettled(Talk talk, Victim victim) {
    if (victim.death().after == After.UNTOUCHED) {
      return;
    }
    Await.until(
        () -> victim.death() + ": " + talk.account(victim.account()),
        () -> talk.account(victim.account()).getJsonObject("last_refresh") != null,
        Duration.ofSeconds(60));
  }

  private void servesAValidToken(Talk talk, Victim victim) {
    Answer answer = talk.token(victim.account());
    assertThat(answer.status()).as(victim.death() + " " + answer.body()).isEqualTo(200);
    assertThat(service.provider().ledger().isAccessTokenValid(answer.token(), Instant.now()))
        .as("good for the provider's API: " + victim.death())
        .isTrue();
    assertThat(answer.warnings().contains("outcome_unknown"))
        .isEqualTo(unknown(talk.account(victim.account())));
  }

  private void refreshesOrSaysUnknown(Talk talk, Victim victim) {
    JsonObject account = talk.account(victim.account());
    boolean unknown = unknown(account);
    switch (victim.death().after) {
      case UNTOUCHED, KEPT -> assertThat(unknown).as(victim.death() + " " + account).isFalse();
      case UNKNOWN -> assertThat(unknown).as(victim.death() + " " + account).isTrue();
      case KEPT_OR_UNKNOWN -> {}
    }
    if (!unknown) {
      assertThat(refreshed(talk, victim).status()).as("refreshes after " + victim).isEqualTo(200);
    }
  }

  /**
   * An unknown outcome ends with one more try: the token was never sent, or it is a clear error.
   */
  private void endsVisibly(Talk talk, Victim victim) {
    if (!unknown(talk.account(victim.account()))) {
      return;
    }
    long before = service.calls();
    boolean spent =
        service.provider().ledger().presentations(victim.family().id()).stream()
            .anyMatch(p -> p.outcome() == Presentation.Outcome.ROTATED);
    Answer again = forced(talk, victim);
    JsonObject account = talk.account(victim.account());
    assertThat(unknown(account)).isFalse();
    assertThat(again.status()).as(victim.death() + " " + again.body()).isEqualTo(spent ? 424 : 200);
    if (spent) {
      assertThat(account.getValue("error").toString()).contains("rotation was lost");
    }
    talk.token(victim.account());
    assertThat(service.calls()).as("no loop").isEqualTo(before + 1);
  }

  private static Answer refreshed(Talk talk, Victim victim) {
    return talk.post("/v1/accounts/" + victim.account() + "/refresh", null);
  }

  /** Also of a token that may be spent. */
  private static Answer forced(Talk talk, Victim victim) {
    return talk.post("/v1/accounts/" + victim.account() + "/refresh?force=true", null);
  }

  private static boolean unknown(JsonObject account) {
    return account.getString("outcome_unknown_since") != null;
  }
}
