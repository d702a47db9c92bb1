/** Evertoken on the event bus: its addresses, its messages, and a typed client for any verticle. */
@NullMarked
package dev.evertoken.bus;

import org.jspecify.annotations.NullMarked;
