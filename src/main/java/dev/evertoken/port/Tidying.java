package dev.evertoken.port;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The removal of rows that nobody needs any more; done by one node at a time. */
public interface Tidying {

  /**
   * Removes a bounded number of them, if nobody has for that long: how many by kind, in which a
   * kind without any is left out. Empty: it was not this node's turn.
   */
  Future<Optional<Map<String, Integer>>> tidy(Duration period);
}
