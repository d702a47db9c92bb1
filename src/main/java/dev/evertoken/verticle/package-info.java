/** The verticles: wiring and life cycle only. */
@NullMarked
package dev.evertoken.verticle;

import org.jspecify.annotations.NullMarked;
