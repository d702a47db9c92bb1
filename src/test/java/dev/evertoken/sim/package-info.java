/**
 * The core over ports in memory: one thread, virtual time, and a seed that decides all else. Begin
 * with {@link dev.evertoken.sim.Simulation}; {@link dev.evertoken.sim.SimEngine} is what it runs,
 * and {@link dev.evertoken.sim.Oracle} judges it.
 *
 * <p>{@link dev.evertoken.sim.VirtualTime} alone serves unit tests as clock and scheduler.
 */
@NullMarked
package dev.evertoken.sim;

import org.jspecify.annotations.NullMarked;
