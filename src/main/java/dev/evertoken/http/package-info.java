/** The HTTP side: routes, limits, problems and the authentication of callers. */
@NullMarked
package dev.evertoken.http;

import org.jspecify.annotations.NullMarked;
