package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.Proxy;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to reach a target, step by step: name, TCP, the proxy's TLS and tunnel, the target's
 * TLS; each failure says whose it is. Lives on the event loop of its context.
 */
final class Dial {

  /** The name of the last handler, before which others are put. */
  static final String READER = "reader";

  private final Egress egress;
  private final ContextInternal context;
  private final Target target;
  private final @Nullable Proxy proxy;
  private final Patience patience;
  private final AnswerReader reader;
  private final long startedAt = System.nanoTime();
  private @Nullable Channel channel;
  private @Nullable Tunnel tunnel;
  private boolean givenUp;

  Dial(
      Egress egress,
      ContextInternal context,
      Target target,
      @Nullable Proxy proxy,
      Patience patience) {
    this.egress = egress;
    this.context = context;
    this.target = target;
    this.proxy = proxy;
    this.patience = patience;
    this.reader = new AnswerReader(context.promise());
  }

  /** Starts; fails with {@link ConnectFailure}, and then leaves nothing open. */
  Future<Line> line() {
    return within(patience.connect(), reach())
        .recover(cause -> fault(proxy != null, cause))
        .compose(reached -> within(patience.tls(), secureTarget(reached)))
        .recover(cause -> fault(false, cause))
        .map(ready -> new Line(context, ready, reader, left()))
        .onFailure(cause -> giveUp());
  }

  private Future<Channel> reach() {
    if (proxy != null && target.isAddress() && egress.denies(target.forProxy().getAddress())) {
      return context.failedFuture(ConnectFault.denied(false));
    }
    return egress
        .names()
        .address(context, proxy == null ? target.host() : proxy.host(), proxy != null)
        .compose(this::connect)
        .compose(this::secureProxy)
        .compose(this::standTunnel);
  }

  /** Connects to the very address that was looked at. */
  private Future<Channel> connect(InetSocketAddress resolved) {
    if (egress.denies(resolved.getAddress())) {
      return context.failedFuture(ConnectFault.denied(proxy != null));
    }
    if (givenUp) {
      return context.failedFuture("given up");
    }
    int port = proxy == null ? target.port() : proxy.port();
    InetSocketAddress hop = new InetSocketAddress(resolved.getAddress(), port);
    ChannelFuture connecting =
        egress
            .bootstrap(context)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) patience.connect().toMillis())
            .handler(new Pipeline(hop))
            .connect(proxy == null ? hop : target.forProxy());
    channel = connecting.channel();
    return done(connecting).map(connecting.channel());
  }

  private Future<Channel> secureProxy(Channel connected) {
    var secured = tunnel == null ? null : tunnel.secured();
    return secured == null
        ? context.succeededFuture(connected)
        : within(patience.tls(), done(secured));
  }

  private Future<Channel> standTunnel(Channel connected) {
    return tunnel == null ? context.succeededFuture(connected) : done(tunnel.standing());
  }

  private Future<Channel> secureTarget(Channel reached) {
    if (!target.tls()) {
      return context.succeededFuture(reached);
    }
    SslHandler tls = egress.tls().handler(reached, target.host(), target.port());
    reached.pipeline().addBefore(READER, "tls", tls);
    return done(tls.handshakeFuture());
  }

  private <T> Future<T> done(io.netty.util.concurrent.Future<T> step) {
    PromiseInternal<T> promise = context.promise();
    step.addListener(promise);
    return promise.future();
  }

  private <T> Future<T> within(Duration limit, Future<T> step) {
    long millis = Math.min(limit.toMillis(), left().toMillis());
    return step.timeout(Math.max(1, millis), TimeUnit.MILLISECONDS);
  }

  private Duration left() {
    return patience.total().minusNanos(System.nanoTime() - startedAt);
  }

  private <T> Future<T> fault(boolean proxyFault, Throwable cause) {
    return context.failedFuture(ConnectFault.of(proxyFault, cause));
  }

  private void giveUp() {
    givenUp = true;
    if (channel != null) {
      var _ = channel.close();
    }
  }

  /** What a new channel starts with; Netty wants a class of its own for that. */
  private final class Pipeline extends ChannelInitializer<Channel> {

    private final InetSocketAddress hop;

    private Pipeline(InetSocketAddress hop) {
      this.hop = hop;
    }

    @Override
    protected void initChannel(Channel fresh) {
      if (proxy != null) {
        tunnel = Tunnel.in(fresh, proxy, hop, egress.tls());
      }
      fresh.pipeline().addLast(READER, reader);
    }
  }
}
