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
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one way out to providers and proxies: every connection is opened here, by the same rules.
 *
 * <p>Connections are Netty channels on the event loops of Vert.x, one for each exchange. Vert.x's
 * own client cannot speak TLS to a proxy, and hides which step of connecting failed.
 */
public final class Egress {

  private static final Duration NAMES_KEPT = Duration.ofHours(1);

  private final VertxInternal vertx;
  private final EgressDeny deny;
  private final Tls tls;
  private final Names names;

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
    this.names = new Names(this.vertx, NAMES_KEPT);
  }

  /**
   * How long a name may take, for the options of {@link Vertx}: three tries of a second, each of
   * two questions (IPv4 and IPv6). With fewer a lost packet or a dead first server would be a dead
   * DNS.
   *
   * @param servers instead of those of the system, as {@code address} or {@code address:port};
   *     empty: those
   */
  public static AddressResolverOptions nameLookup(List<String> servers) {
    AddressResolverOptions options =
        new AddressResolverOptions().setQueryTimeout(1000).setMaxQueries(6);
    servers.forEach(options::addServer);
    return options;
  }

  /** Whether the names of providers and proxies that were wanted lately can be looked up. */
  public boolean namesUp() {
    return names.up();
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

  Names names() {
    return names;
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
