/**
 * One refresh, told from top to bottom: {@link dev.evertoken.app.refresh.Attempt} claims, connects,
 * sends, keeps, judges, commits and announces. It uses the ways upstream, the notices and the
 * ports, and no other use case. Begin with {@link dev.evertoken.app.refresh.Refresher}, which makes
 * a refresh single on this node, then read the attempt; {@code docs/refresh.md} says for each of
 * its edges who may die there and what the next reader sees.
 */
@NullMarked
package dev.evertoken.app.refresh;

import org.jspecify.annotations.NullMarked;
