/** The stores over PostgreSQL: one conditional statement a write, each with a deadline. */
@NullMarked
package dev.evertoken.adapter.postgres;

import org.jspecify.annotations.NullMarked;
