package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.evertoken.domain.Account;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.RefreshClaims;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DueAccountsTest {

  private static final Duration RESERVATION = Duration.ofSeconds(30);

  private static final Set<String> OURS = Set.of(StoreRig.PLATFORM);

  private final StoreRig rig = new StoreRig();
  private final RefreshClaims claims = rig.stores.claims();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void reservesTheMostUrgentFirstAndForOneNodeOnly() {
    Account later = due("later", 50);
    Account urgent = due("urgent", 10);
    rig.create("not due");

    assertThat(get(claims.reserveDue(room(10), RESERVATION, List.of())))
        .extracting(Account::id)
        .containsExactly(urgent.id(), later.id());
    assertThat(get(claims.reserveDue(room(10), RESERVATION, List.of()))).isEmpty();
  }

  @Test
  void givesTwoNodesDifferentPages() {
    for (int i = 0; i < 40; i++) {
      due("shared-" + i, i);
    }
    var mine = claims.reserveDue(room(20), RESERVATION, List.of());
    var others =
        rig.node("node-2", DatabaseLimits.of(4))
            .claims()
            .reserveDue(room(20), RESERVATION, List.of());

    Set<Long> all = new HashSet<>();
    get(mine).forEach(account -> all.add(account.id()));
    get(others).forEach(account -> all.add(account.id()));
    assertThat(all).hasSize(get(mine).size() + get(others).size());
    assertThat(all).hasSizeGreaterThanOrEqualTo(20);
  }

  @Test
  void includesThePausedAndTheBenchedAndLeavesTheLostAlone() {
    Account paused = due("paused", 1);
    Account benched = due("benched", 2);
    Account lost = due("lost", 3);
    Account off = due("off", 4);
    Account resting = due("resting", 5);
    Account running = due("running", 6);
    rig.sql("update accounts set paused = true where id = " + paused.id());
    rig.sql(
        "update accounts set benches = '{\"manual\": {\"until\": \"2999-01-01T00:00:00Z\","
            + " \"since\": \"2026-01-01T00:00:00Z\", \"reason\": \"r\", \"trigger\":"
            + " \"operator\"}}' where id = "
            + benched.id());
    rig.sql("update accounts set status = 'error' where id = " + lost.id());
    rig.sql("update accounts set status = 'disabled' where id = " + off.id());
    rig.sql(
        "update accounts set not_before = now() + interval '1 hour' where id = " + resting.id());
    rig.taken(rig.find(running.id()), UUID.randomUUID());

    assertThat(get(claims.reserveDue(room(10), RESERVATION, List.of())))
        .extracting(Account::id)
        .containsExactly(paused.id(), benched.id());
  }

  @Test
  void findsALapsedClaimThatIsNotDueOtherwise() {
    Account account = rig.create("lapsed");
    get(claims.take(account, UUID.randomUUID(), Duration.ZERO, Trigger.REQUEST, false));

    assertThat(get(claims.nextDue(OURS, List.of())))
        .hasValueSatisfying(at -> assertThat(at).isBefore(soon()));
    assertThat(get(claims.reserveDue(room(10), RESERVATION, List.of())))
        .extracting(Account::id)
        .containsExactly(account.id());
  }

  @Test
  void knowsWhenTheNextOneFallsDue() {
    assertThat(get(claims.nextDue(OURS, List.of()))).isEmpty();
    Account account = rig.create("only");
    Instant due = Instant.now().plusSeconds(1500);
    assertThat(get(claims.nextDue(OURS, List.of())))
        .hasValueSatisfying(at -> assertThat(at).isCloseTo(due, within(60, ChronoUnit.SECONDS)));

    rig.sql(
        "update accounts set refresh_due_at = now(), not_before = now() + interval '1 hour'"
            + " where id = "
            + account.id());
    assertThat(get(claims.nextDue(OURS, List.of())))
        .hasValueSatisfying(
            at ->
                assertThat(at)
                    .isCloseTo(Instant.now().plusSeconds(3600), within(60, ChronoUnit.SECONDS)));
  }

  @Test
  void doesNotWakeForWhatAnotherNodeHasReserved() {
    due("reserved", 1);
    get(claims.reserveDue(room(10), RESERVATION, List.of()));

    assertThat(get(claims.nextDue(OURS, List.of())))
        .hasValueSatisfying(at -> assertThat(at).isAfter(Instant.now().plusSeconds(20)));
  }

  @Test
  void readsOnlyWhatIsDueOfTenThousandAccounts() {
    rig.sql(
        """
        insert into accounts (incarnation, platform, type, name, status, paused, priority, pools,
          refresh_due_at, expires_at)
        select gen_random_uuid(), 'antigravity', 'oauth', 'n' || i, 'active', false, 50, '{}',
          now() + (i - 200) * interval '1 minute', now() + i * interval '1 minute'
        from generate_series(1, 10000) i
        """);
    rig.sql("analyze accounts");

    String open = "'{}'";
    assertThat(Plan.rowsRead(rig, "accounts", reserve(open))).isLessThanOrEqualTo(250);
    assertThat(Plan.rowsRead(rig, "accounts", nextDue(open, 1))).isLessThanOrEqualTo(250);
  }

  @Test
  void readsOnlyWhatIsDueAndFewOfTheNextOnesWhileAProxyIsDown() {
    rig.sql(
        """
        insert into accounts (incarnation, platform, type, name, status, paused, priority, pools,
          proxy_id, refresh_due_at, expires_at)
        select gen_random_uuid(), 'antigravity', 'oauth', 'n' || i, 'active', false, 50, '{}', 3,
          now() + (i - 200) * interval '1 minute', now() + i * interval '1 minute'
        from generate_series(1, 10000) i
        """);
    rig.sql("analyze accounts");

    String down = "'{3}'";
    assertThat(Plan.rowsRead(rig, "accounts", reserve(down))).isLessThanOrEqualTo(250);
    assertThat(Plan.rowsRead(rig, "accounts", nextDue(down, ClaimSql.LATER)))
        .isLessThanOrEqualTo(250 + ClaimSql.LATER);
    assertThat(rig.value("select count(*) from accounts where reserved_until is not null"))
        .contains("0");
    assertThat(rig.value(nextDue(down, ClaimSql.LATER)))
        .isEqualTo(
            rig.value(
                """
                select refresh_due_at from accounts where refresh_due_at > now()
                order by refresh_due_at offset %d limit 1
                """
                    .formatted(ClaimSql.LATER - 1)));
  }

  private static String reserve(String closedProxies) {
    return ClaimSql.RESERVE_DUE
        .replace("$1", "'{antigravity}'")
        .replace("$2", "'{50}'")
        .replace("$3", "30000")
        .replace("$4", "50")
        .replace("$5", closedProxies)
        .replace("$6", "'{}'")
        .replace("$7", "'{}'");
  }

  private static String nextDue(String closedProxies, int later) {
    return ClaimSql.NEXT_DUE
        .replace("$1", "'{antigravity}'")
        .replace("$2", "'{antigravity}'")
        .replace("$3", closedProxies)
        .replace("$4", "'{}'")
        .replace("$5", "'{}'")
        .replace("$6", Integer.toString(later));
  }

  @Test
  void givesEachPlatformRoomOfItsOwnAndLeavesOthersAlone() {
    Account slow = due("slow", 1);
    due("slow too", 2);
    Account quick = due("quick", 3);
    Account unknown = due("of no platform of this node", 4);
    rig.sql("update accounts set platform = 'quick' where id = " + quick.id());
    rig.sql("update accounts set platform = 'gone' where id = " + unknown.id());

    assertThat(
            get(
                claims.reserveDue(
                    Map.of(StoreRig.PLATFORM, 1, "quick", 1), RESERVATION, List.of())))
        .extracting(Account::id)
        .containsExactly(slow.id(), quick.id());
    assertThat(get(claims.nextDue(Set.of("elsewhere"), List.of()))).isEmpty();
  }

  @Test
  void leavesTheLapsedClaimOfALostAccountAlone() {
    Account account = rig.create("lapsed and lost");
    get(claims.take(account, UUID.randomUUID(), Duration.ZERO, Trigger.REQUEST, false));
    rig.sql("update accounts set status = 'disabled' where id = " + account.id());

    assertThat(get(claims.reserveDue(room(10), RESERVATION, List.of()))).isEmpty();
    assertThat(get(claims.nextDue(OURS, List.of()))).isEmpty();
  }

  private static Map<String, Integer> room(int places) {
    return Map.of(StoreRig.PLATFORM, places);
  }

  private static Instant soon() {
    return Instant.now().plusSeconds(5);
  }

  /** An account that is due since a minute and expires after so many minutes. */
  private Account due(String name, int minutesLeft) {
    Account account = rig.create(name);
    rig.sql(
        "update accounts set refresh_due_at = now() - interval '1 minute', expires_at = now() + "
            + minutesLeft
            + " * interval '1 minute' where id = "
            + account.id());
    return account;
  }
}
