/**
 * The use cases: serve a token, refresh an account, bench and fail over, plan the background work.
 */
@NullMarked
package dev.evertoken.app;

import org.jspecify.annotations.NullMarked;
