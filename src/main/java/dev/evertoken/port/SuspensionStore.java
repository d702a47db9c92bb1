package dev.evertoken.port;

import dev.evertoken.domain.Suspension;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** The suspended proxies, routes and platforms, known to the whole cluster. */
public interface SuspensionStore {

  Future<List<Suspension>> all();

  /** Sets it; its probe time only moves later. */
  Future<Void> suspend(Suspension suspension);

  /**
   * Takes the right to probe, for one node, until it lapses; false: another has it, or it is not
   * due.
   */
  Future<Boolean> claimProbe(Suspension suspension, Duration lapse);

  /** Ends it; false: it was not there any more. */
  Future<Boolean> lift(Suspension suspension);
}
