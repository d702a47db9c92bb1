package dev.evertoken.http;

import io.vertx.core.http.HttpHeaders;

/** Header names and values that every answer needs, encoded once. */
final class Headers {

  static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  static final CharSequence JSON_LINES = HttpHeaders.createOptimized("application/x-ndjson");
  static final CharSequence PROBLEM = HttpHeaders.createOptimized("application/problem+json");
  static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  static final CharSequence PRAGMA = HttpHeaders.createOptimized("pragma");
  static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
  static final CharSequence TYPE_OPTIONS = HttpHeaders.createOptimized("x-content-type-options");
  static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");
  static final CharSequence REFERRER_POLICY = HttpHeaders.createOptimized("referrer-policy");
  static final CharSequence NO_REFERRER = HttpHeaders.createOptimized("no-referrer");
  static final CharSequence CLOSE = HttpHeaders.createOptimized("close");
  static final CharSequence WWW_AUTHENTICATE = HttpHeaders.createOptimized("www-authenticate");
  static final CharSequence TRACEPARENT = HttpHeaders.createOptimized("traceparent");
  static final CharSequence LAST_EVENT_ID = HttpHeaders.createOptimized("last-event-id");
  static final CharSequence IDEMPOTENCY_KEY = HttpHeaders.createOptimized("idempotency-key");

  private Headers() {}
}
