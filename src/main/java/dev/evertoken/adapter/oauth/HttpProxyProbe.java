package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.Proxy;
import dev.evertoken.port.OAuthProvider.ConnectFailure;
import dev.evertoken.port.OAuthProvider.NoAnswer;
import dev.evertoken.port.ProxyProbe;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tests proxies over the one way out: by connections and TLS to where refreshes go, with nothing
 * sent, or by one GET of a URL that is there for it.
 */
public final class HttpProxyProbe implements ProxyProbe {

  /** Everything ends within 10 s with time to spare for the answer. */
  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(9));

  /** Under which names services that tell the caller's address do so. */
  private static final List<String> ADDRESS_FIELDS = List.of("ip", "origin", "address", "query");

  private final Egress egress;
  private final @Nullable URI testUrl;

  /**
   * Prepares tests.
   *
   * @param testUrl what is asked for in every test; null: the targets in use are connected to
   */
  public HttpProxyProbe(Egress egress, @Nullable URI testUrl) {
    this.egress = egress;
    this.testUrl = testUrl;
  }

  @Override
  public Future<List<Reached>> test(Proxy proxy, List<URI> inUse) {
    if (testUrl != null) {
      return ask(proxy, testUrl).map(List::of);
    }
    List<Future<Reached>> all = inUse.stream().map(target -> connect(proxy, target)).toList();
    return Future.join(all).map(done -> done.list());
  }

  private Future<Reached> connect(Proxy proxy, URI target) {
    long begun = System.nanoTime();
    return egress
        .open(target, proxy, PATIENCE)
        .onSuccess(Line::close)
        .map(line -> reached(target, begun, null, null))
        .otherwise(failure -> reached(target, begun, why(failure), null));
  }

  private Future<Reached> ask(Proxy proxy, URI url) {
    long begun = System.nanoTime();
    return egress
        .open(url, proxy, PATIENCE)
        .compose(line -> line.send(new Get(url)))
        .map(answer -> answered(url, begun, answer))
        .otherwise(failure -> reached(url, begun, why(failure), null));
  }

  private static Reached answered(URI url, long begun, Answer answer) {
    return answer.status() / 100 == 2
        ? reached(url, begun, null, exitAddress(answer))
        : reached(url, begun, "the test URL answered " + answer.status(), null);
  }

  private static Reached reached(
      URI target, long begun, @Nullable String error, @Nullable String exitAddress) {
    Target to = Target.of(target);
    return new Reached(
        to.host() + ":" + to.port(),
        Duration.ofNanos(System.nanoTime() - begun),
        error,
        exitAddress);
  }

  /** An address and nothing else is ever repeated of what a URL answers. */
  private static @Nullable String exitAddress(Answer answer) {
    Map<String, Object> json = answer.json();
    Stream<String> told =
        json == null
            ? Stream.of(answer.body().reveal())
            : ADDRESS_FIELDS.stream().map(json::get).map(String::valueOf);
    return told.map(text -> text.split(",", 2)[0].strip())
        .filter(text -> NetUtil.isValidIpV4Address(text) || NetUtil.isValidIpV6Address(text))
        .findFirst()
        .orElse(null);
  }

  private static String why(Throwable failure) {
    return failure instanceof ConnectFailure || failure instanceof NoAnswer
        ? String.valueOf(failure.getMessage())
        : "the test failed";
  }
}
