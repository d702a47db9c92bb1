package dev.evertoken.port;

import io.vertx.core.Future;

/**
 * Named places of a refresh at which a fault run lets the process die or wait; in service nothing
 * happens there.
 */
public interface FailPoints {

  FailPoints NONE = point -> Future.succeededFuture();

  Future<Void> reach(Point point);

  enum Point {
    BEFORE_CLAIM,
    AFTER_CLAIM,
    BEFORE_SEND,
    AFTER_ANSWER,
    AFTER_ESCROW,
    BEFORE_COMMIT,
    AFTER_COMMIT,
    BEFORE_NOTICE
  }
}
