/**
 * What Evertoken talks about: accounts, tokens, benches, refreshes and their rules; pure, with time
 * as an argument.
 */
@NullMarked
package dev.evertoken.domain;

import org.jspecify.annotations.NullMarked;
