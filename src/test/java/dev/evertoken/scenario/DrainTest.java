package dev.evertoken.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.dev.Endpoint;
import dev.evertoken.dev.Fault;
import dev.evertoken.dev.Gate;
import dev.evertoken.dev.NewFamily;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.Jdbc;
import dev.evertoken.rig.ServiceProcess;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DrainTest {

  private static final int ACCOUNTS = 10;
  private static final int ASKS_OF_EACH = 10;
  private static final Duration GRACE = Duration.ofSeconds(8);

  /** The JVM's own start and end come on top of the grace. */
  private static final Duration PATIENCE = GRACE.plusSeconds(10);

  @RegisterExtension
  private final Service service =
      new Service()
          .with("shutdown.grace", GRACE.toSeconds() + "s")
          .acme("limits", "{concurrency: 50, per_second: 1000}")
          .acme("refresh", "{request_timeout: 6s, total_timeout: 10s}")
          .asProcess();

  private final Gate gate = new Gate();
  private final List<NewFamily> families = new ArrayList<>();
  private final List<Long> accounts = new ArrayList<>();
  private List<CompletableFuture<Answer>> asks = List.of();

  private ServiceProcess busy() {
    ServiceProcess process = service.process(plan -> plan);
    for (int i = 0; i < ACCOUNTS; i++) {
      NewFamily family = service.provider().newFamily();
      families.add(family);
      accounts.add(service.account(family));
    }
    service.provider().switches().fault(Endpoint.TOKEN, Fault.held(gate));
    asks =
        accounts.stream()
            .flatMap(id -> java.util.stream.Stream.generate(() -> id).limit(ASKS_OF_EACH))
            .map(id -> service.talk().asking(id))
            .toList();
    Await.until(
        "all refreshes are with the provider",
        () -> gate.arrivals() == ACCOUNTS,
        Duration.ofSeconds(30));
    return process;
  }

  private long count(String condition) {
    try (Connection connection = Jdbc.connect(service.database());
        Statement statement = connection.createStatement();
        ResultSet count =
            statement.executeQuery("select count(*) from accounts where " + condition)) {
      count.next();
      return count.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private boolean draining() {
    Answer ready = service.talk().get("/health/ready");
    return ready.status() == 503 && ready.body().contains("draining");
  }

  @Test
  @DisplayName(
      "88, 66 SIGTERM with 100 requests and 10 refreshes in flight: all are answered and stored,"
          + " exit code 0; a second SIGTERM changes nothing")
  void drains() {
    ServiceProcess process = busy();

    process.sigterm();
    Await.until("it says that it is draining", this::draining, Duration.ofSeconds(10));
    assertThat(service.talk().get("/health/live").status()).isEqualTo(200);
    Answer refused = service.talk().token(accounts.getFirst());
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("Retry-After")).isPresent();
    process.sigterm();
    gate.open();

    assertThat(asks)
        .hasSize(ACCOUNTS * ASKS_OF_EACH)
        .allSatisfy(ask -> assertThat(ask.join().status()).isEqualTo(200));
    assertThat(process.exitCode(PATIENCE)).isZero();
    assertThat(service.calls()).isEqualTo(ACCOUNTS);
    assertThat(count("generation = 2 and claim_attempt is null")).isEqualTo(ACCOUNTS);
    assertThat(process.log()).doesNotContain("drain_incomplete").doesNotContain("\"ERROR\"");
  }

  @Test
  @DisplayName(
      "88 SIGTERM with a provider that does not answer: callers are told, exit code 0 within the"
          + " grace, and what is unknown says so")
  void drainsWithoutAnAnswer() {
    ServiceProcess process = busy();
    long begun = System.nanoTime();

    process.sigterm();

    assertThat(process.exitCode(PATIENCE)).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PATIENCE);
    assertThat(asks)
        .allSatisfy(ask -> assertThat(answered(ask)).as("an answer, not a cut").isTrue());
    assertThat(count("generation = 1")).isEqualTo(ACCOUNTS);
    assertThat(count("claim_attempt is not null or unknown_since is not null")).isEqualTo(ACCOUNTS);
    assertThat(count("benches <> '{}'")).isZero();
  }

  private static boolean answered(CompletableFuture<Answer> ask) {
    try {
      return ask.join().status() >= 500;
    } catch (UncheckedIOException | java.util.concurrent.CompletionException cut) {
      return false;
    }
  }

  @Test
  @DisplayName("66 a stop with nothing in flight is quick, and a second SIGTERM changes nothing")
  void quick() {
    ServiceProcess process = service.process(plan -> plan);
    long id = service.account(service.provider().newFamily(), Duration.ofMinutes(40));
    assertThat(service.talk().token(id).status()).isEqualTo(200);
    long begun = System.nanoTime();

    process.sigterm();
    process.sigterm();

    assertThat(process.exitCode(PATIENCE)).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(GRACE);
    assertThat(process.log()).contains("stopped");
  }
}
