/**
 * The core over ports in memory: one thread, virtual time, and a seed that decides all else. Begin
 * with {@link dev.evertoken.sim.Simulation}, which builds the run: a {@link
 * dev.evertoken.sim.Cluster} of nodes over {@code dev.evertoken.memory}, a {@link
 * dev.evertoken.sim.SimProvider} with its {@link dev.evertoken.sim.Ledger}, {@link
 * dev.evertoken.sim.Callers}, and a {@link dev.evertoken.sim.Nemesis}; {@link
 * dev.evertoken.sim.Oracle} judges what they did.
 *
 * <p>{@link dev.evertoken.sim.CoreEngine} makes {@code CorePorts} of a node's {@link
 * dev.evertoken.sim.SimPorts}: a new port of the core is added to these two, and to {@code
 * Cluster.ports}. All that a process does runs on its {@link dev.evertoken.sim.NodeTime}; a port in
 * PostgreSQL or Redis is reached through {@link dev.evertoken.sim.FaultyPorts}, which is where
 * calls are delayed and lost and processes die. A platform's settings and the accounts are in
 * {@link dev.evertoken.sim.Fleet}, what an answer looks like in {@link
 * dev.evertoken.sim.SimAnswers}.
 *
 * <p>{@link dev.evertoken.sim.VirtualTime} alone serves unit tests as clock and scheduler.
 */
@NullMarked
package dev.evertoken.sim;

import org.jspecify.annotations.NullMarked;
