package dev.evertoken.app;

import dev.evertoken.domain.TokenAnswer;
import dev.evertoken.domain.TokenSource;

/** An answer and where it came from. */
record Served(TokenAnswer answer, TokenSource source) {}
