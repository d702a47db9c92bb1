package dev.evertoken.adapter.oauth;

import static dev.evertoken.adapter.oauth.Outside.NEVER;
import static dev.evertoken.adapter.oauth.Outside.await;
import static dev.evertoken.adapter.oauth.Outside.oauth;
import static dev.evertoken.adapter.oauth.Outside.patient;
import static dev.evertoken.adapter.oauth.Outside.refusal;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.AddressRange;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Proxy;
import dev.evertoken.domain.ProxyKind;
import dev.evertoken.port.OAuthProvider.Blame;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import dev.evertoken.rig.Await;
import dev.evertoken.rig.NameServer;
import dev.evertoken.rig.SynBlackHole;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A name with several addresses is reached while one of them is. */
final class AddressesTest {

  private final NameServer names = NameServer.of();
  private final Vertx vertx = Outside.vertx(Egress.nameLookup(List.of(names.address())));

  @AfterEach
  void close() {
    vertx.close().await();
    names.close();
  }

  private Egress denying(String... ranges) {
    List<AddressRange> denied =
        Stream.of(ranges).map(range -> AddressRange.parse(range).orElseThrow()).toList();
    return new Egress(vertx, denied, null);
  }

  private static Platform at(String host, int port, Duration connect) {
    return patient(URI.create("http://" + host + ":" + port))
        .timeouts(connect, NEVER, NEVER)
        .platform();
  }

  private static void connects(Egress egress, Platform platform) {
    await(oauth(egress).connect(platform, null)).close();
  }

  private static ServerSocket on(String address, int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.ofLiteral(address));
  }

  /** Whether somebody connected. */
  private static boolean dialled(ServerSocket server) throws IOException {
    server.setSoTimeout(100);
    try (var _ = server.accept()) {
      return true;
    } catch (SocketTimeoutException nobody) {
      return false;
    }
  }

  @Test
  void aBlackHoledFirstAddressDoesNotUseUpTheDeadline() throws IOException {
    try (SynBlackHole hole = SynBlackHole.open();
        ServerSocket _ = on("127.0.0.2", hole.port())) {
      names.knows("provider.test", "127.0.0.1", "127.0.0.2");

      connects(denying(), at("provider.test", hole.port(), Duration.ofSeconds(5)));
      connects(denying(), at("provider.test", hole.port(), NEVER));
    }
  }

  @Test
  void aNameWithAnUnderscoreIsLookedUpAsItIs() throws IOException {
    try (ServerSocket served = on("127.0.0.2", 0)) {
      names.knows("my_provider.internal_net", "127.0.0.2");

      connects(denying(), at("my_provider.internal_net", served.getLocalPort(), NEVER));
    }
  }

  @Test
  void aRefusedAddressIsFollowedByTheNext() throws IOException {
    try (ServerSocket served = on("127.0.0.4", 0)) {
      names.knows("provider.test", "127.0.0.2", "127.0.0.3", "127.0.0.4");

      connects(denying(), at("provider.test", served.getLocalPort(), NEVER));
    }
  }

  /** By hand, since a machine without IPv6 never learns an IPv6 address by DNS. */
  @Test
  void theOtherFamilyIsTriedToo() {
    ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
    Channel open = new EmbeddedChannel();
    List<InetAddress> tried = new CopyOnWriteArrayList<>();

    Channel won =
        await(
            Attempts.first(
                context,
                addresses("2001:db8::1", "2001:db8::2", "10.0.0.1"),
                NEVER,
                address -> {
                  tried.add(address);
                  return address instanceof Inet4Address
                      ? Future.succeededFuture(open)
                      : Future.failedFuture(new NoRouteToHostException("Network is unreachable"));
                }));

    assertThat(won).isSameAs(open);
    assertThat(tried).isEqualTo(addresses("2001:db8::1", "10.0.0.1"));
  }

  @Test
  void aConnectionThatComesAfterTheFirstIsClosed() {
    ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
    Map<InetAddress, Promise<Channel>> dials = new ConcurrentHashMap<>();
    Future<Channel> first =
        Attempts.first(
            context,
            addresses("10.0.0.1", "10.0.0.2"),
            Duration.ofMillis(10),
            address -> dials.computeIfAbsent(address, dialled -> Promise.promise()).future());
    Await.until("both are dialled", () -> dials.size() == 2, Outside.PATIENCE);
    Channel early = new EmbeddedChannel();
    Channel late = new EmbeddedChannel();

    requireNonNull(dials.get(InetAddress.ofLiteral("10.0.0.2"))).complete(early);
    requireNonNull(dials.get(InetAddress.ofLiteral("10.0.0.1"))).complete(late);

    assertThat(await(first)).isSameAs(early);
    assertThat(early.isOpen()).isTrue();
    assertThat(late.isOpen()).isFalse();
  }

  @Test
  void aDeniedAddressIsSkippedAndNeverDialled() throws IOException {
    try (ServerSocket denied = on("127.0.0.2", 0);
        ServerSocket allowed = on("127.0.0.3", denied.getLocalPort())) {
      names.knows("provider.test", "127.0.0.2", "127.0.0.3");
      Platform platform = at("provider.test", denied.getLocalPort(), NEVER);

      connects(denying("127.0.0.2"), platform);
      ConnectFailure all = refusal(oauth(denying("127.0.0.0/8")), platform, null);

      assertThat(all.blame()).isEqualTo(Blame.DENIED);
      assertThat(dialled(denied)).isFalse();
      assertThat(dialled(allowed)).isTrue();
    }
  }

  @Test
  void whereNothingAnswersTheFailureIsThatOfAnAddressThatWasDialled() {
    names.knows("provider.test", "127.0.0.2", "127.0.0.3");

    ConnectFailure failure =
        refusal(oauth(denying("127.0.0.2")), at("provider.test", 1, NEVER), null);

    assertThat(failure.blame()).isEqualTo(Blame.ROUTE);
    assertThat(failure).hasMessage("provider: the connection was refused");
  }

  @Test
  void aProxysAddressesAreAllTriedAndItsFailureIsItsOwn() throws IOException {
    try (SynBlackHole hole = SynBlackHole.open();
        ServerSocket served = on("127.0.0.2", hole.port())) {
      names.knows("proxy.test", "127.0.0.1", "127.0.0.2");
      Platform platform = at("provider.test", 80, Duration.ofSeconds(3));

      ConnectFailure failure = refusal(oauth(denying()), platform, proxy(hole.port()));

      assertThat(dialled(served)).isTrue();
      assertThat(failure.blame()).isEqualTo(Blame.PROXY);
    }
  }

  private static Proxy proxy(int port) {
    Instant now = Instant.EPOCH;
    return new Proxy(1, "p", ProxyKind.HTTP, "proxy.test", port, null, null, false, 1, now, now);
  }

  @Test
  void theFamiliesTakeTurnsAndTheFirstStaysFirst() {
    assertThat(Attempts.alternating(addresses("10.0.0.1", "10.0.0.2", "::1", "10.0.0.3", "::2")))
        .isEqualTo(addresses("10.0.0.1", "::1", "10.0.0.2", "::2", "10.0.0.3"));
    assertThat(Attempts.alternating(addresses("::1", "10.0.0.1")))
        .isEqualTo(addresses("::1", "10.0.0.1"));
  }

  private static List<InetAddress> addresses(String... literals) {
    return Stream.of(literals).map(InetAddress::ofLiteral).toList();
  }
}
