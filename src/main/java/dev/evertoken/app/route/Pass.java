package dev.evertoken.app.route;

import dev.evertoken.domain.Suspension;

/** Leave to use a route for one exchange. */
public sealed interface Pass {

  /** The route is open. */
  record Open() implements Pass {}

  /** The exchange is the cluster's one probe of that suspension. */
  record Probe(Suspension suspension) implements Pass {}
}
