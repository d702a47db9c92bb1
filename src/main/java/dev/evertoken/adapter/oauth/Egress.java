package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.AddressRange;
import dev.evertoken.domain.Proxy;
import io.netty.bootstrap.Bootstrap;
import io.netty.resolver.NoopAddressResolverGroup;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one way out to providers and proxies: every connection is opened here, by the same rules.
 *
 * <p>Connections are Netty channels on the event loops of Vert.x, one for each exchange. Vert.x's
 * own client cannot speak TLS to a proxy, and hides which step of connecting failed.
 */
public final class Egress {

  private final VertxInternal vertx;
  private final EgressDeny deny;
  private final Tls tls;

  /**
   * Reads the trusted authorities; blocks.
   *
   * @param deny addresses that are never connected to
   * @param caFile a PEM file of authorities beside those of the JDK, or null
   * @throws IllegalArgumentException when that file cannot be read
   */
  public Egress(Vertx vertx, List<AddressRange> deny, @Nullable Path caFile) {
    this.vertx = (VertxInternal) vertx;
    this.deny = new EgressDeny(deny);
    this.tls = Tls.trusting(caFile);
  }

  /** How long a name may take, two questions of a second: for the options of {@link Vertx}. */
  public static AddressResolverOptions nameLookup() {
    return new AddressResolverOptions().setQueryTimeout(1000).setMaxQueries(2);
  }

  /** Connects and sends nothing. */
  Future<Line> open(URI url, @Nullable Proxy proxy, Patience patience) {
    ContextInternal context = context();
    PromiseInternal<Line> line = context.promise();
    Dial dial = new Dial(this, context, Target.of(url), proxy, patience);
    context.runOnContext(
        start -> context.succeededFuture().compose(now -> dial.line()).onComplete(line));
    return line.future();
  }

  /** Connects, sends and gathers the answer. */
  Future<Answer> send(Post post, @Nullable Proxy proxy, Patience patience) {
    return open(post.url(), proxy, patience).compose(line -> line.send(post));
  }

  Tls tls() {
    return tls;
  }

  boolean denies(InetAddress address) {
    return deny.denies(address);
  }

  Future<InetSocketAddress> resolve(ContextInternal context, String host) {
    PromiseInternal<InetSocketAddress> address = context.promise();
    vertx.nameResolver().resolve(context.nettyEventLoop(), host).addListener(address);
    return address.future();
  }

  /** A channel to be, which connects to just the address it is given. */
  Bootstrap bootstrap(ContextInternal context) {
    return new Bootstrap()
        .group(context.nettyEventLoop())
        .channelFactory(vertx.transport().channelFactory(false))
        .resolver(NoopAddressResolverGroup.INSTANCE);
  }

  /** A connection belongs to one event loop; what calls from elsewhere gets one. */
  private ContextInternal context() {
    ContextInternal current = vertx.getOrCreateContext();
    return current.isEventLoopContext() ? current : vertx.createEventLoopContext();
  }
}
