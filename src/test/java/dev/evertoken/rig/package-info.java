/** What the tests break the service with, and what they watch it by. */
@NullMarked
package dev.evertoken.rig;

import org.jspecify.annotations.NullMarked;
