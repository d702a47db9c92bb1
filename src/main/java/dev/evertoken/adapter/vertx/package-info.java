/** Timers, event loops and circuit breakers, on Vert.x's own. */
@NullMarked
package dev.evertoken.adapter.vertx;

import org.jspecify.annotations.NullMarked;
