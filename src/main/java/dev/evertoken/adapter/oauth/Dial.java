package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.port.OAuthProvider.Blame;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
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
  private final long startedAt = System.nanoTime();
  private final List<Channel> opened = new ArrayList<>();
  private @Nullable Handshake handshake;
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
  }

  /** Starts; fails with {@link ConnectFailure}, and then leaves nothing open. */
  Future<Line> line() {
    return within(patience.connect(), reach())
        .recover(cause -> fault(blame(), cause))
        .compose(reached -> within(patience.tls(), secureTarget(reached)))
        .recover(cause -> fault(Blame.ROUTE, cause))
        .map(ready -> new Line(context, ready, reader(ready), left()))
        .onFailure(cause -> giveUp());
  }

  private Future<Channel> reach() {
    if (proxy != null && target.isAddress() && egress.denies(target.address())) {
      return context.failedFuture(ConnectFault.denied(false));
    }
    return egress
        .names()
        .addresses(context, proxy == null ? target.host() : proxy.host(), proxy != null)
        .compose(found -> Attempts.first(context, found, patience.connect(), this::connect))
        .compose(this::secureProxy)
        .compose(this::standTunnel);
  }

  /** Connects to the very address that was looked at. */
  private Future<Channel> connect(InetAddress address) {
    if (egress.denies(address)) {
      return context.failedFuture(ConnectFault.denied(proxy != null));
    }
    if (givenUp) {
      return context.failedFuture("given up");
    }
    ChannelFuture connecting =
        egress
            .bootstrap(context)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) patience.connect().toMillis())
            .handler(new Pipeline())
            .connect(new InetSocketAddress(address, proxy == null ? target.port() : proxy.port()));
    return done(connecting).map(connecting.channel()).recover(cause -> fault(blame(), cause));
  }

  private Future<Channel> secureProxy(Channel connected) {
    return proxy == null || proxy.kind() != ProxyKind.HTTPS
        ? context.succeededFuture(connected)
        : within(patience.tls(), secure(connected, proxy.host(), proxy.port()));
  }

  private Future<Channel> standTunnel(Channel connected) {
    if (proxy == null) {
      return context.succeededFuture(connected);
    }
    handshake = Handshake.with(proxy, target, context.promise());
    return put(connected, handshake).compose(there -> there.tunnel());
  }

  private Future<Channel> secureTarget(Channel reached) {
    return target.tls()
        ? secure(reached, target.host(), target.port())
        : context.succeededFuture(reached);
  }

  private Future<Channel> secure(Channel connected, String host, int port) {
    SslHandler tls = egress.tls().handler(connected, host, port);
    return put(connected, tls)
        .compose(there -> done(there.handshakeFuture()))
        .compose(ready -> named(ready, tls, host));
  }

  private Future<Channel> named(Channel ready, SslHandler tls, String host) {
    try {
      CertificateNames.check(tls.engine().getSession(), host);
      return context.succeededFuture(ready);
    } catch (CertificateException | SSLPeerUnverifiedException other) {
      return context.failedFuture(other);
    }
  }

  /** A handler in a channel that has ended would wait for good. */
  private <H extends ChannelHandler> Future<H> put(Channel channel, H handler) {
    if (!channel.isActive()) {
      return context.failedFuture(new SocketException("closed"));
    }
    channel.pipeline().addBefore(READER, null, handler);
    return context.succeededFuture(handler);
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

  /** Who is at fault when the step that runs fails without saying more, or does not end. */
  private Blame blame() {
    if (proxy == null) {
      return Blame.ROUTE;
    }
    return handshake == null ? Blame.PROXY : handshake.blameForSilence();
  }

  private <T> Future<T> fault(Blame blame, Throwable cause) {
    return context.failedFuture(ConnectFault.of(blame, cause));
  }

  private static AnswerReader reader(Channel channel) {
    return (AnswerReader) channel.pipeline().get(READER);
  }

  private void giveUp() {
    givenUp = true;
    opened.forEach(
        channel -> {
          var _ = channel.close();
        });
  }

  /** What a new channel starts with; Netty wants a class of its own for that. */
  private final class Pipeline extends ChannelInitializer<Channel> {

    @Override
    protected void initChannel(Channel fresh) {
      opened.add(fresh);
      fresh.pipeline().addLast(READER, new AnswerReader(context.promise()));
    }
  }
}
