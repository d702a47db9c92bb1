package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.Account;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HotStatementsTest {

  private final StoreRig rig = new StoreRig();

  @AfterEach
  void close() {
    rig.close();
  }

  /** As a migration of a later version does it while this one still runs. */
  @Test
  void aTableThatChangesUnderAPreparedStatementFailsNobody() {
    Account account = rig.create("altered");
    everyConnectionFinds(account);

    rig.sql("alter table accounts alter column name type varchar(900)");

    everyConnectionFinds(account);
    everyConnectionFinds(account);
  }

  private void everyConnectionFinds(Account account) {
    List<Future<?>> found =
        Stream.<Future<?>>generate(() -> rig.stores.accounts().find(account.id()))
            .limit(40)
            .toList();

    get(Future.join(found));

    assertThat(rig.find(account.id())).isEqualTo(account);
  }
}
