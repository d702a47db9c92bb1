/** Programs that measure the service; none of them is a test. */
@NullMarked
package dev.evertoken.bench;

import org.jspecify.annotations.NullMarked;
