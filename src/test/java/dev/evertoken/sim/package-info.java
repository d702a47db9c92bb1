/** The core over ports in memory: one thread, virtual time, and a seed that decides all else. */
@NullMarked
package dev.evertoken.sim;

import org.jspecify.annotations.NullMarked;
