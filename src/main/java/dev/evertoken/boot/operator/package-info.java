/** The commands of an operator against a running service: one small HTTP client, many verbs. */
@NullMarked
package dev.evertoken.boot.operator;

import org.jspecify.annotations.NullMarked;
