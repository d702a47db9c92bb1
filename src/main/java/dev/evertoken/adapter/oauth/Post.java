package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.Secret;
import dev.evertoken.domain.UrlAuthority;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to a provider; body and authorization hold secrets.
 *
 * @param authorization the whole header, or null
 * @param headers further ones, which may take the place of {@code Accept} and {@code User-Agent}
 */
record Post(
    URI url,
    String contentType,
    @Nullable Secret authorization,
    Secret body,
    Map<String, Secret> headers)
    implements Outgoing {

  static Post form(URI url, @Nullable Secret authorization, Secret body) {
    return new Post(url, "application/x-www-form-urlencoded", authorization, body, Map.of());
  }

  static Post json(URI url, @Nullable Secret authorization, String body) {
    return new Post(url, "application/json", authorization, Secret.of(body), Map.of());
  }

  /** The same with further headers. */
  Post with(Map<String, Secret> further) {
    return new Post(url, contentType, authorization, body, further);
  }

  /**
   * The request as it goes over the wire: one for the connection, and no trace context.
   *
   * @throws IllegalArgumentException when a value does not fit a header
   */
  @Override
  public FullHttpRequest message() {
    ByteBuf content = Unpooled.copiedBuffer(body.reveal(), StandardCharsets.UTF_8);
    FullHttpRequest message =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path(url), content);
    message
        .headers()
        .set(HttpHeaderNames.HOST, host(url))
        .set(HttpHeaderNames.USER_AGENT, "evertoken")
        .set(HttpHeaderNames.ACCEPT, HttpHeaderValues.APPLICATION_JSON)
        .set(HttpHeaderNames.CONTENT_TYPE, contentType)
        .set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes())
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    headers.forEach((name, value) -> message.headers().set(name, value.reveal()));
    if (authorization != null) {
      message.headers().set(HttpHeaderNames.AUTHORIZATION, authorization.reveal());
    }
    return message;
  }

  static String host(URI url) {
    return UrlAuthority.of(url).orElseThrow().toString();
  }

  static String path(URI url) {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
  }
}
