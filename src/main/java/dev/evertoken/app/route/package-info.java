/**
 * The ways upstream: which of them are suspended, what the evidence against them is, and how many
 * exchanges may run on each. Uses notices and ports; knows nothing of refreshes. Begin with {@link
 * dev.evertoken.app.route.UpstreamHealth}.
 */
@NullMarked
package dev.evertoken.app.route;

import org.jspecify.annotations.NullMarked;
