/**
 * The JSON forms that HTTP and the event bus share: strict in what is read, exact in what is told.
 */
@NullMarked
package dev.evertoken.wire;

import org.jspecify.annotations.NullMarked;
