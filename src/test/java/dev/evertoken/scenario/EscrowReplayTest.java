package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.app.refresh.EscrowReplay;
import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.port.Escrow;
import dev.evertoken.rig.Jdbc;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class EscrowReplayTest {

  @RegisterExtension
  private final Service service = new Service().acme("revocation_url", "\"{provider}/revoke\"");

  private void write(String sql) {
    try (Connection connection = Jdbc.connect(service.database());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private UUID incarnation(long id) {
    try (Connection connection = Jdbc.connect(service.database());
        Statement statement = connection.createStatement();
        var row = statement.executeQuery("select incarnation from accounts where id = " + id)) {
      row.next();
      return row.getObject(1, UUID.class);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private Escrow.Entry answerFor(long id, NewFamily family, String platform) {
    return new Escrow.Entry(
        UUID.randomUUID(),
        new Escrow.Holder(id, incarnation(id), platform),
        new Escrow.Presented(Secret.of(family.refreshToken()), 1, 1),
        Instant.now(),
        Trigger.BACKGROUND,
        new RawAnswer(
            200,
            Map.of(),
            Secret.of(
                "{\"access_token\":\"at-%d\",\"refresh_token\":\"rt-%d\",\"expires_in\":3600}"
                    .formatted(id, id)),
            RawAnswer.End.WHOLE));
  }

  private static boolean delivers(EscrowReplay replay, List<Escrow.Entry> entries) {
    Future<Integer> delivery = replay.deliver(entries);
    try {
      delivery.transform(done -> Future.succeededFuture()).await(30, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("not delivered in half a minute", late);
    }
    return delivery.succeeded();
  }

  @Test
  @DisplayName("57 of the answers in escrow one that cannot be delivered blocks none of the others")
  void oneBlocksNone() {
    List<Long> ids = new ArrayList<>();
    List<Escrow.Entry> entries = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      NewFamily family = service.provider().newFamily();
      ids.add(service.account(family));
      entries.add(answerFor(ids.get(i), family, i == 2 ? "of-no-template" : "acme"));
    }
    write(
        """
        create function refuse() returns trigger language plpgsql as
          $$ begin raise exception 'not this row'; end $$;
        create trigger refuse before update on accounts for each row when (old.id = %d)
          execute function refuse()
        """
            .formatted(ids.get(1)));
    EscrowReplay replay = service.node(0).core().replay();

    assertThat(delivers(replay, entries)).as("there is something left to do").isFalse();

    assertThat(service.talk().token(ids.get(0)).token()).isEqualTo("at-" + ids.get(0));
    assertThat(service.talk().token(ids.get(3)).token()).isEqualTo("at-" + ids.get(3));
    assertThat(service.talk().account(ids.get(1)).getLong("generation")).isOne();

    write("drop trigger refuse on accounts");
    assertThat(delivers(replay, entries)).isTrue();
    assertThat(service.talk().token(ids.get(1)).token()).isEqualTo("at-" + ids.get(1));
    assertThat(service.calls()).isZero();
  }

  @Test
  @DisplayName("an answer for a deleted account goes, and nothing is revoked past its proxy")
  void revokesNothing() {
    NewFamily family = service.provider().newFamily();
    long id = service.account(family);
    Escrow.Entry entry = answerFor(id, family, "acme");
    write("update accounts set deleted_at = now() where id = " + id);

    assertThat(delivers(service.node(0).core().replay(), List.of(entry))).isTrue();

    assertThat(service.provider().ledger().calls(Endpoint.REVOKE)).isZero();
  }
}
