package dev.evertoken.adapter.oauth;

import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;

/** A question that holds no secret. */
record Get(URI url) implements Outgoing {

  @Override
  public FullHttpRequest message() {
    FullHttpRequest message =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, Post.path(url));
    message
        .headers()
        .set(HttpHeaderNames.HOST, Post.host(url))
        .set(HttpHeaderNames.USER_AGENT, "evertoken")
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    return message;
  }
}
