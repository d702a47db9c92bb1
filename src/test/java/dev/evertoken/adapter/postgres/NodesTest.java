package dev.evertoken.adapter.postgres;

import static dev.evertoken.adapter.postgres.StoreRig.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.evertoken.adapter.crypto.Keyset;
import dev.evertoken.adapter.crypto.TinkSealer;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Secret;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.SharedServers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NodesTest {

  private static final Caller CALLER = Caller.trusted("key:9");

  @Test
  void startTogetherOnAnEmptyDatabaseAsOneInstallation() {
    Vertx vertx = Vertx.vertx();
    var address = PostgresAddress.parse(Secret.of(SharedServers.freshDatabase()));
    var sealer = new TinkSealer(Keyset.generate());
    try {
      List<Future<Postgres>> starts =
          IntStream.range(0, 4)
              .mapToObj(
                  i ->
                      Postgres.open(
                          vertx,
                          address,
                          DatabaseLimits.of(2),
                          sealer,
                          "n" + i,
                          InstantSource.system()))
              .toList();
      List<Postgres> nodes = starts.stream().map(StoreRig::get).toList();

      assertThat(nodes)
          .extracting(Postgres::installation)
          .containsOnly(nodes.getFirst().installation());
      nodes.forEach(node -> get(node.close()));
    } finally {
      get(vertx.close());
    }
  }

  @Test
  void countEachOther() {
    try (StoreRig rig = new StoreRig()) {
      assertThat(rig.stores.nodes().id()).isEqualTo("node-1");
      assertThat(rig.stores.nodes().live()).isEqualTo(1);
      Postgres second = rig.node("node-2", DatabaseLimits.of(2));
      assertThat(second.nodes().live()).isEqualTo(2);
      Await.until("the first knows of the second", () -> rig.stores.nodes().live() == 2);

      get(second.close());
      Await.until("the first knows that it left", () -> rig.stores.nodes().live() == 1);

      rig.sql("insert into nodes values ('killed', now() - interval '8 seconds')");
      Postgres third = rig.node("node-3", DatabaseLimits.of(2));
      assertThat(third.nodes().live()).isEqualTo(2);
      get(third.close());
    }
  }

  @Test
  void tellTheTimeByTheClockOfTheDatabase() {
    String uri = SharedServers.freshDatabase();
    Vertx vertx = Vertx.vertx();
    InstantSource slow = () -> Instant.now().minus(Duration.ofHours(3));
    Postgres node =
        get(
            Postgres.open(
                vertx,
                PostgresAddress.parse(Secret.of(uri)),
                DatabaseLimits.of(2),
                new TinkSealer(Keyset.generate()),
                "slow",
                slow));
    try {
      assertThat(node.time().instant()).isCloseTo(Instant.now(), within(5, ChronoUnit.SECONDS));
    } finally {
      get(node.close());
      get(vertx.close());
    }
  }

  @Test
  void writeTheAuditBehind() {
    try (StoreRig rig = new StoreRig()) {
      rig.stores.audit().changed(CALLER, "account.create", 7L, Map.of("platform", "gemini"));
      rig.stores.audit().changed(CALLER, "key.create", null, Map.of());
      for (int i = 0; i < 5; i++) {
        rig.stores.audit().tokenRead(CALLER, 7);
      }

      Await.until("it is written", () -> count(rig, "select count(*) from audit") == 2);
      Await.until("the reads are", () -> count(rig, "select sum(reads) from token_reads") == 5);
      assertThat(
              rig.value(
                  "select actor || ' ' || action || ' ' || (facts ->> 'platform') from audit"
                      + " where account_id = 7"))
          .contains("key:9 account.create gemini");
    }
  }

  @Test
  void writeTheRestOfTheAuditWhenTheyStop() {
    try (StoreRig rig = new StoreRig()) {
      Postgres other = rig.node("stopping", DatabaseLimits.of(2));
      for (int i = 0; i < 700; i++) {
        other.audit().changed(CALLER, "account.change", (long) i, Map.of());
      }
      other.audit().tokenRead(CALLER, 1);
      get(other.close());

      assertThat(count(rig, "select count(*) from audit")).isEqualTo(700);
      assertThat(count(rig, "select sum(reads) from token_reads")).isEqualTo(1);
    }
  }

  private static long count(StoreRig rig, String sql) {
    return rig.value(sql).map(Long::parseLong).orElse(0L);
  }
}
