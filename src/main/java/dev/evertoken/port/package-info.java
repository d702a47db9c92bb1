/** What the use cases need from the world: stores, caches, providers, keys, notices. */
@NullMarked
package dev.evertoken.port;

import org.jspecify.annotations.NullMarked;
