package dev.evertoken.boot.operator;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A successful answer of the service.
 *
 * @param text as it came
 * @param json the same, read; missing where there is no body
 */
record Answer(String text, JsonNode json) {}
