package dev.evertoken.app;

import dev.evertoken.domain.TokenAnswer;

/**
 * An answer and where it came from: {@code near}, {@code redis}, {@code postgres} or {@code
 * refresh}.
 */
record Served(TokenAnswer answer, String source) {}
