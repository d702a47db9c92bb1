package dev.evertoken.adapter.oauth;

import dev.evertoken.adapter.oauth.answer.AnswerParser;
import dev.evertoken.adapter.oauth.answer.AnswerParser.Progress;
import dev.evertoken.domain.RawAnswer;
import dev.evertoken.port.OAuthProvider.NoAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection's pipeline: gathers one answer.
 *
 * <p>What arrives before anything was asked ends the connection: it answers nothing of ours.
 */
final class AnswerReader extends SimpleChannelInboundHandler<ByteBuf> {

  /** How long nothing must come before an answer counts as complete that does not say its end. */
  static final Duration QUIET = Duration.ofMillis(300);

  /** A timer that is later than this fired after a sleep of the whole process. */
  static final Duration FROZEN = Duration.ofSeconds(1);

  private final Promise<RawAnswer> answer;
  private final AnswerParser parser = new AnswerParser();
  private boolean asked;
  private long due;
  private boolean spared;
  private @Nullable ScheduledFuture<?> deadline;
  private @Nullable ScheduledFuture<?> quiet;

  AnswerReader(Promise<RawAnswer> answer) {
    this.answer = answer;
  }

  /**
   * From here on what arrives is the answer; called on the event loop of the channel. At the
   * deadline what has arrived by then is the answer; fails with {@link NoAnswer} when that is less
   * than a head.
   */
  Future<RawAnswer> ask(EventExecutor loop, Duration left) {
    asked = true;
    due = loop.ticker().nanoTime() + left.toNanos();
    deadline = later(loop, left, () -> deadline(loop));
    return answer.future();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext channel, ByteBuf message) {
    if (!asked) {
      var _ = channel.close();
      return;
    }
    if (answer.future().isComplete()) {
      return;
    }
    Progress progress = parser.feed(ByteBufUtil.getBytes(message));
    if (quiet != null) {
      quiet.cancel(false);
    }
    switch (progress) {
      case OPEN -> {}
      case PERHAPS -> awaitQuiet(channel.executor());
      case DONE -> end(true, "");
    }
  }

  private void awaitQuiet(EventExecutor loop) {
    long quietAt = loop.ticker().nanoTime() + QUIET.toNanos();
    quiet = later(loop, QUIET, () -> quiet(loop, quietAt));
  }

  private void quiet(EventExecutor loop, long quietAt) {
    if (loop.ticker().nanoTime() - quietAt > FROZEN.toNanos()) {
      awaitQuiet(loop);
    } else if (parser.settled()) {
      end(false, "");
    }
  }

  /**
   * A process that was frozen and resumed reads what its sockets hold before its late deadline ends
   * the exchange: an answer that arrived is an answer.
   */
  private void deadline(EventExecutor loop) {
    if (!spared && loop.ticker().nanoTime() - due > FROZEN.toNanos()) {
      spared = true;
      deadline = later(loop, FROZEN, () -> deadline(loop));
      return;
    }
    end(false, "no complete answer in time");
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    end(true, "the connection ended before the answer did");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
    end(false, "the connection broke before the answer was complete");
    var _ = channel.close();
  }

  private void end(boolean closed, String why) {
    cancel(deadline);
    cancel(quiet);
    if (answer.future().isComplete()) {
      return;
    }
    RawAnswer whole = asked ? parser.end(closed) : null;
    if (whole == null) {
      answer.tryFail(new NoAnswer(why));
    } else {
      answer.tryComplete(whole);
    }
  }

  private static void cancel(@Nullable ScheduledFuture<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private static ScheduledFuture<?> later(EventExecutor loop, Duration delay, Runnable what) {
    return loop.schedule(what, Math.max(1, delay.toMillis()), TimeUnit.MILLISECONDS);
  }
}
