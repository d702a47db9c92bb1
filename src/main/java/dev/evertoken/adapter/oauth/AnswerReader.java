package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.Secret;
import dev.evertoken.port.OAuthProvider.NoAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection's pipeline: gathers one answer, of which it keeps 64 KiB at most.
 *
 * <p>What arrives before anything was asked ends the connection: it answers nothing of ours.
 */
final class AnswerReader extends SimpleChannelInboundHandler<Object> {

  private static final int LONGEST_BODY = 64 * 1024;

  private final Promise<Answer> answer;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private boolean asked;
  private int status;
  private @Nullable String retryAfter;

  AnswerReader(Promise<Answer> answer) {
    this.answer = answer;
  }

  /** From here on what arrives is the answer. */
  Future<Answer> ask() {
    asked = true;
    return answer.future();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext channel, Object message) throws IOException {
    if (!asked) {
      var _ = channel.close();
      return;
    }
    if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
      end(channel, "what came back is not HTTP");
      return;
    }
    if (message instanceof HttpResponse head) {
      status = head.status().code();
      retryAfter = head.headers().get(HttpHeaderNames.RETRY_AFTER);
    }
    if (message instanceof HttpContent content) {
      take(content);
    }
  }

  private void take(HttpContent content) throws IOException {
    ByteBuf bytes = content.content();
    if (body.size() + bytes.readableBytes() > LONGEST_BODY) {
      answer.tryComplete(new Answer(status, retryAfter, Secret.of("")));
      return;
    }
    bytes.readBytes(body, bytes.readableBytes());
    // An informational answer ends too, and the real one follows.
    if (content instanceof LastHttpContent && status >= 200) {
      answer.tryComplete(
          new Answer(status, retryAfter, Secret.of(body.toString(StandardCharsets.UTF_8))));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    answer.tryFail(new NoAnswer("the connection ended before the answer did"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
    end(channel, "the connection broke before the answer was complete");
  }

  private void end(ChannelHandlerContext channel, String why) {
    answer.tryFail(new NoAnswer(why));
    var _ = channel.close();
  }
}
