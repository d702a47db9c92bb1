package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.PLATFORM;
import static dev.evertoken.adapter.postgres.StoreRig.get;
import static dev.evertoken.adapter.postgres.StoreRig.rename;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import dev.evertoken.port.ChangeFeed;
import dev.evertoken.port.ChangeFeed.Change;
import dev.evertoken.port.ChangeFeed.Page;
import dev.evertoken.port.ChangeFeed.Position;
import dev.evertoken.rig.Jdbc;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ChangeFeedTest {

  private final StoreRig rig = new StoreRig();
  private final ChangeFeed feed = rig.stores.changes();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void tellsWhatChangedAndNothingElse() {
    Account before = rig.create("before");
    Position start = get(feed.now());
    assertThat(get(feed.since(start, 10)).changes()).isEmpty();

    Account created = rig.create("created");
    get(rig.stores.accounts().change(created.id(), rename("renamed"), OptionalLong.empty()));
    get(rig.stores.accounts().delete(before.id(), OptionalLong.empty()));
    Page page = get(feed.since(start, 10));

    assertThat(page.full()).isFalse();
    assertThat(page.changes()).extracting(c -> c.account().name()).contains("renamed", "before");
    assertThat(page.changes())
        .filteredOn(Change::deleted)
        .extracting(c -> c.account().id())
        .containsExactly(before.id());
    assertThat(get(feed.since(page.next(), 10)).changes()).isEmpty();
  }

  @Test
  void doesNotMissATransactionThatCommitsLate() throws SQLException {
    Account slow = rig.create("slow");
    Account fast = rig.create("fast");
    Position start = get(feed.now());
    try (Connection other = Jdbc.connect(rig.uri)) {
      other.setAutoCommit(false);
      try (var statement = other.createStatement()) {
        statement.execute(
            "update accounts set name = 'late', revision = revision + 1,"
                + " changed_xid = pg_current_xact_id() where id = "
                + slow.id());
      }
      get(rig.stores.accounts().change(fast.id(), rename("fast-2"), OptionalLong.empty()));
      Page first = get(feed.since(start, 10));
      assertThat(first.changes()).extracting(c -> c.account().id()).containsExactly(fast.id());

      other.commit();

      assertThat(get(feed.since(first.next(), 10)).changes())
          .extracting(c -> c.account().name())
          .contains("late");
    }
  }

  @Test
  void pagesThroughManyChangesWithoutLosingOne() {
    Position start = get(feed.now());
    List<Long> made = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      made.add(rig.create("paged-" + i).id());
    }

    List<Long> seen = new ArrayList<>();
    Page page = get(feed.since(start, 10));
    page.changes().forEach(change -> seen.add(change.account().id()));
    while (page.full()) {
      page = get(feed.since(page.next(), 10));
      page.changes().forEach(change -> seen.add(change.account().id()));
    }

    assertThat(seen).containsExactlyElementsOf(made);
    assertThat(get(feed.since(page.next(), 10)).changes()).isEmpty();
  }

  @Test
  void findsARowAgainThatAMovedSweepLeftBehind() {
    Position start = get(feed.now());
    Account first = rig.create("first");
    Account second = rig.create("second");
    Page one = get(feed.since(start, 1));
    assertThat(one.changes()).extracting(c -> c.account().id()).containsExactly(first.id());

    get(rig.stores.accounts().change(first.id(), rename("first-2"), OptionalLong.empty()));
    Page two = get(feed.since(one.next(), 5));

    assertThat(two.changes())
        .extracting(c -> c.account().name())
        .containsExactly("second", "first-2");
    assertThat(second.name()).isEqualTo("second");
  }

  @Test
  void knowsTheMembersOfAPlatformAndOfANamedPool() {
    Account one = rig.create("one");
    Account two = rig.create("two");
    rig.sql("update accounts set pools = '{blue}' where id = " + two.id());

    assertThat(get(feed.members(PLATFORM, 10, 0)))
        .extracting(Account::id)
        .containsExactly(one.id(), two.id());
    assertThat(get(feed.members("blue", 10, 0))).extracting(Account::id).containsExactly(two.id());
    assertThat(get(feed.members(PLATFORM, 10, one.id())))
        .extracting(Account::id)
        .containsExactly(two.id());
  }
}
