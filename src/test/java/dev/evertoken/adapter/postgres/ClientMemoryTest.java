package dev.evertoken.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ClientMemoryTest {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final ClientMemory memory = new ClientMemory(nanos::get);
  private final Buffer client = Buffer.buffer("digest");

  @Test
  void twoAccountsAreEnoughForAMinute() {
    assertThat(memory.known(client, 1)).isFalse();
    memory.worked(client, 1);
    assertThat(memory.known(client, 1)).isTrue();
    assertThat(memory.known(client, 2)).as("a second account").isFalse();
    memory.worked(client, 2);
    assertThat(memory.known(client, 3)).isTrue();

    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(memory.known(client, 1)).isFalse();
  }

  @Test
  void theFirstSuccessAfterARefusalIsNew() {
    memory.worked(client, 1);
    memory.refused(client);

    assertThat(memory.known(client, 1)).isFalse();
  }

  @Test
  void clientsAreToldApart() {
    memory.worked(client, 1);

    assertThat(memory.known(Buffer.buffer("another"), 1)).isFalse();
  }
}
