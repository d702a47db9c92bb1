/** Tests of the embedded servers and the simulated provider. */
@NullMarked
package dev.evertoken.dev;

import org.jspecify.annotations.NullMarked;
