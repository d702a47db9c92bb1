/**
 * Tells of every change that was stored: this node's copies and views, the other nodes, the event
 * log and the audit. Uses ports only. Begin with {@link dev.evertoken.app.notice.Announcements}.
 */
@NullMarked
package dev.evertoken.app.notice;

import org.jspecify.annotations.NullMarked;
