/** The escrow of answers in an append-only, sealed and fsynced journal on this node's disk. */
@NullMarked
package dev.evertoken.adapter.journal;

import org.jspecify.annotations.NullMarked;
