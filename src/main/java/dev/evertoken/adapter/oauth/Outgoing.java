package dev.evertoken.adapter.oauth;

import io.netty.handler.codec.http.FullHttpRequest;

/** A request that one connection is opened for. */
interface Outgoing {

  /**
   * The request as it goes over the wire.
   *
   * @throws IllegalArgumentException when it cannot be written
   */
  FullHttpRequest message();
}
