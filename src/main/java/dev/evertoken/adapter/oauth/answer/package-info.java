/**
 * One HTTP answer, from bytes to members. {@link dev.evertoken.adapter.oauth.answer.AnswerParser}
 * takes the bytes as they come, and {@link dev.evertoken.adapter.oauth.answer.AnswerBody} reads
 * what the body holds; both are pure, lenient and bounded, because the successor of a spent refresh
 * token may be in any answer.
 */
@NullMarked
package dev.evertoken.adapter.oauth.answer;

import org.jspecify.annotations.NullMarked;
