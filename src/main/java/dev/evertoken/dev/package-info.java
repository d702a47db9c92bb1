/** What a developer machine needs beside the service: embedded servers and a simulated provider. */
@NullMarked
package dev.evertoken.dev;

import org.jspecify.annotations.NullMarked;
