package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.RawAnswer;
import dev.evertoken.port.OAuthProvider.Blame;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import dev.evertoken.port.OAuthProvider.NoAnswer;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import java.time.Duration;

/**
 * A connection that stands as far as the target, and over which one request can be sent.
 *
 * <p>Safe to be used from any thread; futures complete on the context it was opened on.
 */
final class Line {

  private final ContextInternal context;
  private final Channel channel;
  private final AnswerReader reader;
  private final Duration left;

  /**
   * Holds a connection.
   *
   * @param left how long sending and the whole answer may take
   */
  Line(ContextInternal context, Channel channel, AnswerReader reader, Duration left) {
    this.context = context;
    this.channel = channel;
    this.reader = reader;
    this.left = left;
  }

  /**
   * Sends the request and gathers the answer; the connection ends with it. Fails with {@link
   * ConnectFailure} when the connection had ended before, so nothing was sent, else with {@link
   * NoAnswer}.
   */
  Future<Answer> send(Outgoing request) {
    FullHttpRequest message;
    try {
      message = request.message();
    } catch (IllegalArgumentException unfit) {
      close();
      return context.failedFuture(new ConnectFailure(Blame.ROUTE, "the request cannot be written"));
    }
    PromiseInternal<Answer> answer = context.promise();
    context.runOnContext(
        start -> context.succeededFuture().compose(now -> exchange(message)).onComplete(answer));
    return answer.future().onComplete(end -> close());
  }

  /** Gives the connection up. */
  void close() {
    var _ = channel.close();
  }

  private Future<Answer> exchange(FullHttpRequest message) {
    if (!channel.isActive()) {
      message.release();
      return context.failedFuture(
          new ConnectFailure(Blame.ROUTE, "the connection ended before anything was sent"));
    }
    Future<RawAnswer> answer = reader.ask(channel.eventLoop(), left);
    channel.pipeline().addBefore(Dial.READER, "http", new HttpRequestEncoder());
    var _ = channel.writeAndFlush(message, channel.voidPromise());
    return answer.map(Answer::new);
  }
}
