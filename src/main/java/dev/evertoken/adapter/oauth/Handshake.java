package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.port.OAuthProvider.Blame;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Our side of what a proxy wants to hear before bytes reach the target. It takes its place in a
 * connected channel, and leaves it once the tunnel stands.
 *
 * <p>Has no deadline: whoever waits for it has. Netty's own handlers are not used, since they
 * accept only 200 for CONNECT, insist on the version of a login's answer, and report every refusal
 * by one type of exception.
 */
abstract sealed class Handshake extends ByteToMessageDecoder permits HttpConnect, Socks5 {

  private final Promise<Channel> tunnel;

  Handshake(Promise<Channel> tunnel) {
    this.tunnel = tunnel;
  }

  static Handshake with(Proxy proxy, Target target, Promise<Channel> tunnel) {
    return proxy.kind() == ProxyKind.SOCKS5
        ? new Socks5(proxy, target, tunnel)
        : new HttpConnect(proxy, target, tunnel);
  }

  /** The first thing that is said. */
  abstract ByteBuf opening();

  /** Takes what has arrived; nothing of it may be taken while it is incomplete. */
  abstract Step next(ByteBuf in) throws ConnectFailure;

  /** Whether the proxy has shown that it works, so that its silence is the target's. */
  abstract boolean proxyWorks();

  /** What the proxy's words led to. */
  sealed interface Step {

    /** More bytes are needed. */
    record Wait() implements Step {}

    /** It is our turn. */
    record Say(ByteBuf words) implements Step {}

    /** Bytes reach the target from now on. */
    record Through() implements Step {}
  }

  /** Who is at fault when the deadline ends the wait. */
  Blame blameForSilence() {
    return proxyWorks() ? Blame.ROUTE : Blame.PROXY;
  }

  Future<Channel> tunnel() {
    return tunnel.future();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    var _ = ctx.writeAndFlush(opening(), ctx.voidPromise());
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (tunnel.future().isComplete()) {
      in.skipBytes(in.readableBytes());
      return;
    }
    try {
      take(ctx, next(in));
    } catch (ConnectFailure refusal) {
      fail(ctx, refusal);
    }
  }

  private void take(ChannelHandlerContext ctx, Step step) {
    switch (step) {
      case Step.Wait wait -> {}
      case Step.Say(ByteBuf words) -> {
        var _ = ctx.writeAndFlush(words, ctx.voidPromise());
      }
      case Step.Through through -> {
        ctx.pipeline().remove(this);
        tunnel.tryComplete(ctx.channel());
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    super.channelInactive(ctx);
    fail(ctx, ConnectFault.proxy("no tunnel was given"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, ConnectFault.proxy("no tunnel was given"));
  }

  private void fail(ChannelHandlerContext ctx, ConnectFailure failure) {
    tunnel.tryFail(failure);
    var _ = ctx.close();
  }

  /** The password of a login, empty where there is none. */
  static String password(Proxy proxy) {
    return proxy.password() == null ? "" : proxy.password().reveal();
  }

  static @Nullable String user(Proxy proxy) {
    String user = proxy.user();
    return user == null || user.isEmpty() ? null : user;
  }
}
