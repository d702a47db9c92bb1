/** The acceptance scenarios, by their numbers, against the whole service on real servers. */
@NullMarked
package dev.evertoken.scenario;

import org.jspecify.annotations.NullMarked;
