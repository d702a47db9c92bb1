/** Where Evertoken starts: the command line, the settings and the one composition root. */
@NullMarked
package dev.evertoken.boot;

import org.jspecify.annotations.NullMarked;
