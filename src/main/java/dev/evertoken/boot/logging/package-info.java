/**
 * How log events are written: readable on a terminal, else one JSON object a line, never a secret.
 */
@NullMarked
package dev.evertoken.boot.logging;

import org.jspecify.annotations.NullMarked;
