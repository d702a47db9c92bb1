/**
 * The ports in memory, for tests that need no server: one {@link MemoryDatabase} for a cluster, and
 * over it one set of ports for each node. They decide as the real adapters do, at once and on the
 * caller's stack; delays and faults are added from outside.
 */
@NullMarked
package dev.evertoken.memory;

import org.jspecify.annotations.NullMarked;
