package dev.evertoken.adapter.oauth;

import dev.evertoken.port.OAuthProvider.Blame;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Connects to the first of a name's addresses that answers (RFC 8305, "Happy Eyeballs"): the next
 * one is tried when the last one failed, or is silent for a while, and a silent one may still win.
 * So neither a dead address nor a broken IPv6 uses up the deadline.
 *
 * <p>Lives on the event loop of its context.
 */
final class Attempts {

  /** RFC 8305's recommendation. */
  private static final Duration STAGGER = Duration.ofMillis(250);

  private final ContextInternal context;
  private final Queue<InetAddress> waiting;
  private final Function<InetAddress, Future<Channel>> connect;
  private final long staggerMillis;
  private final Promise<Channel> winner;
  private final List<Throwable> failures = new ArrayList<>();
  private int running;

  private Attempts(
      ContextInternal context,
      List<InetAddress> addresses,
      Duration limit,
      Function<InetAddress, Future<Channel>> connect) {
    this.context = context;
    this.waiting = new ArrayDeque<>(alternating(addresses));
    this.connect = connect;
    this.staggerMillis =
        Math.clamp(limit.toMillis() / (addresses.size() + 1), 1, STAGGER.toMillis());
    this.winner = context.promise();
  }

  /**
   * Starts; fails once every address has failed, with the most telling failure.
   *
   * @param limit how long all of it may take; the caller ends it
   * @param connect one attempt; a channel that comes too late is closed
   */
  static Future<Channel> first(
      ContextInternal context,
      List<InetAddress> addresses,
      Duration limit,
      Function<InetAddress, Future<Channel>> connect) {
    Attempts attempts = new Attempts(context, addresses, limit, connect);
    attempts.next();
    return attempts.winner.future();
  }

  /** The families in turn, beginning with that of the first address, each in its own order. */
  static List<InetAddress> alternating(List<InetAddress> addresses) {
    List<InetAddress> first = new ArrayList<>();
    List<InetAddress> other = new ArrayList<>();
    for (InetAddress address : addresses) {
      boolean same =
          address instanceof Inet4Address == addresses.getFirst() instanceof Inet4Address;
      (same ? first : other).add(address);
    }
    List<InetAddress> mixed = new ArrayList<>();
    for (int i = 0; i < Math.max(first.size(), other.size()); i++) {
      first.stream().skip(i).findFirst().ifPresent(mixed::add);
      other.stream().skip(i).findFirst().ifPresent(mixed::add);
    }
    return mixed;
  }

  private void next() {
    InetAddress address = waiting.poll();
    if (address == null) {
      return;
    }
    running++;
    connect.apply(address).onSuccess(this::won).onFailure(this::lost);
    if (!waiting.isEmpty()) {
      int left = waiting.size();
      context.timer(staggerMillis, TimeUnit.MILLISECONDS).onSuccess(due -> goOnUnlessGone(left));
    }
  }

  /** Unless a failure has already brought the next one on. */
  private void goOnUnlessGone(int left) {
    if (waiting.size() == left && !winner.future().isComplete()) {
      next();
    }
  }

  private void won(Channel channel) {
    if (!winner.tryComplete(channel)) {
      var _ = channel.close();
    }
  }

  private void lost(Throwable cause) {
    running--;
    failures.add(cause);
    if (winner.future().isComplete()) {
      return;
    }
    if (!waiting.isEmpty()) {
      next();
    } else if (running == 0) {
      winner.tryFail(telling());
    }
  }

  /** What was found out about the other side, rather than what our settings or machine forbid. */
  private Throwable telling() {
    return failures.stream()
        .filter(Attempts::aboutTheOtherSide)
        .findFirst()
        .orElse(failures.getFirst());
  }

  private static boolean aboutTheOtherSide(Throwable failure) {
    return !(failure instanceof ConnectFailure told)
        || told.blame() == Blame.PROXY
        || told.blame() == Blame.ROUTE;
  }
}
