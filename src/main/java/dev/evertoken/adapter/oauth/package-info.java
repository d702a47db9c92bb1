/** Providers and proxies over real sockets: connecting, exchanging, finding projects. */
@NullMarked
package dev.evertoken.adapter.oauth;

import org.jspecify.annotations.NullMarked;
