package dev.evertoken.adapter.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.RawAnswer;
import dev.evertoken.port.OAuthProvider.NoAnswer;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When an answer counts as complete, on a clock that stands still. */
final class AnswerReaderTest {

  private static final String JSON = "{\"access_token\":\"at\"}";
  private static final Duration TOTAL = Duration.ofSeconds(10);

  private final AnswerReader reader = new AnswerReader(Promise.promise());
  private final EmbeddedChannel channel = new EmbeddedChannel(reader);

  @BeforeEach
  void stopTheClock() {
    channel.freezeTime();
  }

  @Test
  void aFrozenProcessReadsWhatItsSocketsHoldBeforeItsDeadlineEndsTheExchange() {
    Future<RawAnswer> answer = reader.ask(channel.eventLoop(), TOTAL);

    // Given: stopped for 25 s; the late timer is what runs first.
    pass(Duration.ofSeconds(25));
    assertThat(answer.isComplete()).isFalse();
    receive("HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n" + JSON);

    assertThat(answer.result().body().reveal()).isEqualTo(JSON);
  }

  @Test
  void aFrozenProcessThatFindsNothingEndsTheExchangeSoonAfter() {
    Future<RawAnswer> answer = reader.ask(channel.eventLoop(), TOTAL);
    pass(Duration.ofSeconds(25));

    pass(AnswerReader.FROZEN);

    assertThat(answer.cause()).isInstanceOf(NoAnswer.class);
  }

  @Test
  void aQuietTimerThatIsLateWaitsOnceMore() {
    Future<RawAnswer> answer = reader.ask(channel.eventLoop(), Duration.ofMinutes(2));
    receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

    pass(Duration.ofSeconds(25));
    receive(JSON);
    pass(AnswerReader.QUIET);

    assertThat(answer.result().body().reveal()).isEqualTo(JSON);
  }

  @Test
  void theDeadlineEndsWithWhatHasCome() {
    Future<RawAnswer> answer = reader.ask(channel.eventLoop(), TOTAL);
    receive("HTTP/1.1 200 OK\r\n\r\n{\"a\":1,");
    pass(TOTAL.minusMillis(1));
    assertThat(answer.isComplete()).isFalse();

    pass(Duration.ofMillis(2));

    assertThat(answer.result().end()).isEqualTo(RawAnswer.End.CUT);
  }

  @Test
  void theDeadlineWithinAHeadIsNoAnswer() {
    Future<RawAnswer> answer = reader.ask(channel.eventLoop(), TOTAL);
    receive("HTTP/1.1 200 OK\r\nX: y\r\n");

    pass(TOTAL.plusMillis(1));

    assertThat(answer.cause()).isInstanceOf(NoAnswer.class);
  }

  @Test
  void jsonOverAConnectionThatStaysOpenIsCompleteOnceItIsQuiet() {
    Future<RawAnswer> answer = reader.ask(channel.eventLoop(), TOTAL);
    receive("HTTP/1.1 200 OK\r\n\r\n" + JSON.substring(0, 9));
    pass(AnswerReader.QUIET);
    receive(JSON.substring(9));
    assertThat(answer.isComplete()).isFalse();

    pass(AnswerReader.QUIET);

    assertThat(answer.result().body().reveal()).isEqualTo(JSON);
    assertThat(answer.result().end()).isEqualTo(RawAnswer.End.WHOLE);
  }

  @Test
  void theEndOfTheConnectionIsTheEndOfTheAnswer() {
    Future<RawAnswer> answer = reader.ask(channel.eventLoop(), TOTAL);
    receive("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + JSON.substring(0, 9));

    var _ = channel.close();

    assertThat(answer.result().end()).isEqualTo(RawAnswer.End.CUT);
  }

  private void receive(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
  }

  private void pass(Duration time) {
    channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }
}
