package dev.evertoken.adapter.oauth;

import dev.evertoken.port.OAuthProvider.Blame;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up the names of providers and proxies, and knows whether that works.
 *
 * <p>A name that could not be looked up is asked for again, one name a second, until it can be; so
 * the end of an outage is noticed also by a node that has nothing to refresh.
 */
final class Names {

  private static final Logger LOG = LoggerFactory.getLogger(Names.class);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final VertxInternal vertx;
  private final Duration memory;
  private final ContextInternal home;

  /** Touched only at home; in the order in which they are asked for again. */
  private final Map<String, Lost> lost = new LinkedHashMap<>();

  private boolean asking;
  private volatile boolean up = true;

  /** What was asked for in vain, and when it was wanted last, by the monotonic clock. */
  private record Lost(String host, boolean ofProxy, long wantedAt) {}

  /**
   * @param memory a name that nobody wanted for that long is no one's loss: its proxy may be gone
   */
  Names(VertxInternal vertx, Duration memory) {
    this.vertx = vertx;
    this.memory = memory;
    this.home = vertx.createEventLoopContext();
  }

  /** The addresses of a host, at least one; an address is its own name. Fails within seconds. */
  Future<List<InetAddress>> addresses(ContextInternal caller, String host, boolean ofProxy) {
    return lookup(caller, host)
        .onSuccess(found -> worked(host))
        .onFailure(cause -> failed(new Lost(host, ofProxy, System.nanoTime()), cause));
  }

  /** Whether every name that was wanted lately can be looked up. */
  boolean up() {
    return up;
  }

  private Future<List<InetAddress>> lookup(ContextInternal context, String host) {
    PromiseInternal<List<InetSocketAddress>> addresses = context.promise();
    vertx.nameResolver().resolveAll(context.nettyEventLoop(), host).addListener(addresses);
    return addresses
        .future()
        .map(found -> found.stream().map(InetSocketAddress::getAddress).distinct().toList());
  }

  private void worked(String host) {
    if (!up) {
      home.runOnContext(here -> found(host));
    }
  }

  private void failed(Lost name, Throwable cause) {
    if (isOutage(name, cause)) {
      home.runOnContext(here -> missed(name));
    }
  }

  /**
   * A server that says there is no such proxy works; it is the proxy that is wrong. And a process
   * without descriptors could not even ask.
   */
  private static boolean isOutage(Lost name, Throwable cause) {
    boolean noSuchProxy =
        name.ofProxy()
            && cause.getCause() instanceof DnsErrorCauseException said
            && said.getCode().equals(DnsResponseCode.NXDOMAIN);
    return !noSuchProxy && ConnectFault.of(Blame.ROUTE, cause).blame() != Blame.OURSELVES;
  }

  private void missed(Lost name) {
    lost.put(name.host(), name);
    if (up) {
      up = false;
      LOG.atWarn().addKeyValue("subject", name.host()).log("dns_down");
    }
    if (!asking) {
      askLater();
    }
  }

  private void found(String host) {
    lost.remove(host);
    if (lost.isEmpty() && !up) {
      up = true;
      LOG.info("dns_up");
    }
  }

  private void askLater() {
    asking = true;
    home.timer(AGAIN.toMillis(), TimeUnit.MILLISECONDS).onSuccess(due -> askAgain());
  }

  /** The first of them; each that is found has the next one asked for at once. */
  private void askAgain() {
    Iterator<Lost> names = lost.values().iterator();
    if (!names.hasNext()) {
      asking = false;
      return;
    }
    Lost name = names.next();
    if (System.nanoTime() - name.wantedAt() > memory.toNanos()) {
      goOn(name.host());
      return;
    }
    lookup(home, name.host())
        .onSuccess(address -> goOn(name.host()))
        .onFailure(cause -> again(name, cause));
  }

  private void goOn(String host) {
    found(host);
    askAgain();
  }

  private void again(Lost name, Throwable cause) {
    if (!isOutage(name, cause)) {
      goOn(name.host());
      return;
    }
    Lost latest = lost.remove(name.host());
    if (latest != null) {
      lost.put(latest.host(), latest);
    }
    askLater();
  }
}
