/** The shared cache of answers, over Redis. */
@NullMarked
package dev.evertoken.adapter.redis;

import org.jspecify.annotations.NullMarked;
