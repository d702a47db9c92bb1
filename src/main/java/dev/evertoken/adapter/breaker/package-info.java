/** The circuit breakers, on Vert.x's own. */
@NullMarked
package dev.evertoken.adapter.breaker;

import org.jspecify.annotations.NullMarked;
