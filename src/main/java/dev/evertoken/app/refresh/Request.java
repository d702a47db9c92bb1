package dev.evertoken.app.refresh;

import dev.evertoken.app.route.Demand;
import dev.evertoken.app.route.Pass;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * Why a refresh was asked for, and who listens to it.
 *
 * @param demand whether a caller waits for it
 * @param probe the probe that this refresh is for, or null
 * @param force whether a refresh token that may be spent is presented all the same
 * @param traceId names the request of a caller that started it, in the log; or null
 */
record Request(
    Trigger trigger,
    Demand demand,
    Pass.@Nullable Probe probe,
    boolean force,
    @Nullable String traceId,
    Surroundings surroundings) {

  /** What a refresh hears and tells while it runs. */
  interface Surroundings {
    /** Whether this node is being stopped: no retry starts then. */
    boolean stopping();

    /** The refresh waits for our own storage, and its callers need not. */
    void stuck(Problem problem);
  }

  boolean byOperator() {
    return trigger == Trigger.OPERATOR;
  }

  boolean stopping() {
    return surroundings.stopping();
  }
}
