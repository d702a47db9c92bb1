package dev.evertoken.http;

import static dev.evertoken.domain.Scope.ACCOUNTS_READ;
import static dev.evertoken.domain.Scope.ACCOUNTS_WRITE;
import static dev.evertoken.domain.Scope.ADMIN;
import static dev.evertoken.domain.Scope.AUDIT_READ;
import static dev.evertoken.domain.Scope.EVENTS_READ;
import static dev.evertoken.domain.Scope.METRICS_READ;
import static dev.evertoken.domain.Scope.TOKEN_READ;
import static dev.evertoken.http.AccessMatrix.Limited.CLOSED;
import static dev.evertoken.http.AccessMatrix.Limited.INSIDE;
import static dev.evertoken.http.AccessMatrix.Limited.PARTLY;
import static dev.evertoken.http.AccessMatrix.Thing.ACCOUNT;
import static dev.evertoken.http.AccessMatrix.Thing.KEY;
import static dev.evertoken.http.AccessMatrix.Thing.NOTHING;
import static dev.evertoken.http.AccessMatrix.Thing.POOL;
import static dev.evertoken.http.AccessMatrix.Thing.PROVIDER;
import static dev.evertoken.http.AccessMatrix.Thing.PROXY;

import dev.evertoken.domain.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may call what: a row for every route of the API, written down beside the code that it is
 * compared with. In path and body {@code {it}} stands for the thing that the call is about.
 */
final class AccessMatrix {

  /** What a call is about. */
  enum Thing {
    NOTHING,
    ACCOUNT,
    /** A pool by its name. */
    POOL,
    PROXY,
    KEY,
    /** A platform by its name. */
    PROVIDER
  }

  /** What a key that is limited to pools and accounts gets. */
  enum Limited {
    /** What everybody gets, about its own things; any other looks missing. */
    INSIDE,
    /** An answer that shows only its own things. */
    PARTLY,
    /** 403, whether the thing is there or not. */
    CLOSED
  }

  /**
   * One route.
   *
   * @param scope what a key needs; null: nobody is asked for a key
   * @param status of the answer to who may
   * @param body of the call; empty: none
   */
  record Row(
      String route, @Nullable Scope scope, Limited limited, Thing thing, int status, String body) {

    String method() {
      return route.substring(0, route.indexOf(' '));
    }

    String path(String it) {
      return route.substring(route.indexOf(' ') + 1).replaceFirst("\\{[a-z]+}", it);
    }

    @Nullable String body(String it) {
      return body.isEmpty() ? null : body.replace("{it}", it);
    }
  }

  static final List<Row> ROWS =
      List.of(
          row("GET /v1/accounts/{id}/token", TOKEN_READ, INSIDE, ACCOUNT, 200, ""),
          row("POST /v1/token", TOKEN_READ, INSIDE, ACCOUNT, 200, "{\"account\":{it}}"),
          row(
              "POST /v1/accounts/{id}/reports",
              TOKEN_READ,
              INSIDE,
              ACCOUNT,
              202,
              "{\"generation\":1,\"status\":429}"),
          row("GET /v1/accounts", ACCOUNTS_READ, PARTLY, NOTHING, 200, ""),
          row(
              "POST /v1/accounts",
              ACCOUNTS_WRITE,
              PARTLY,
              NOTHING,
              201,
              "{\"name\":\"n\",\"platform\":\"sample\",\"pools\":[\"mine\"],\"credentials\":{}}"),
          row(
              "POST /v1/accounts/batch-refresh",
              ACCOUNTS_WRITE,
              PARTLY,
              ACCOUNT,
              200,
              "{\"ids\":[{it}]}"),
          row(
              "POST /v1/accounts/import",
              ACCOUNTS_WRITE,
              PARTLY,
              NOTHING,
              200,
              "{\"name\":\"n\",\"platform\":\"sample\",\"pools\":[\"mine\"],\"credentials\":{}}"),
          row("GET /v1/accounts/export", ACCOUNTS_READ, CLOSED, NOTHING, 200, ""),
          row("GET /v1/accounts/{id}", ACCOUNTS_READ, INSIDE, ACCOUNT, 200, ""),
          row(
              "PATCH /v1/accounts/{id}",
              ACCOUNTS_WRITE,
              INSIDE,
              ACCOUNT,
              200,
              "{\"name\":\"new\"}"),
          row("DELETE /v1/accounts/{id}", ACCOUNTS_WRITE, INSIDE, ACCOUNT, 204, ""),
          row("POST /v1/accounts/{id}/refresh", ACCOUNTS_WRITE, INSIDE, ACCOUNT, 200, ""),
          row("POST /v1/accounts/{id}/clear-error", ACCOUNTS_WRITE, INSIDE, ACCOUNT, 200, ""),
          row("GET /v1/accounts/{id}/temp-unschedulable", ACCOUNTS_READ, INSIDE, ACCOUNT, 200, ""),
          row(
              "PUT /v1/accounts/{id}/temp-unschedulable",
              ACCOUNTS_WRITE,
              INSIDE,
              ACCOUNT,
              200,
              "{\"seconds\":60,\"reason\":\"tea\"}"),
          row(
              "DELETE /v1/accounts/{id}/temp-unschedulable",
              ACCOUNTS_WRITE,
              INSIDE,
              ACCOUNT,
              200,
              ""),
          row("GET /v1/proxies", ACCOUNTS_READ, CLOSED, NOTHING, 200, ""),
          row(
              "POST /v1/proxies",
              ACCOUNTS_WRITE,
              CLOSED,
              NOTHING,
              201,
              "{\"name\":\"px\",\"url\":\"http://127.0.0.1:1\"}"),
          row("GET /v1/proxies/{id}", ACCOUNTS_READ, CLOSED, PROXY, 200, ""),
          row("PATCH /v1/proxies/{id}", ACCOUNTS_WRITE, CLOSED, PROXY, 200, "{\"name\":\"new\"}"),
          row("DELETE /v1/proxies/{id}", ACCOUNTS_WRITE, CLOSED, PROXY, 204, ""),
          row("POST /v1/proxies/{id}/test", ACCOUNTS_WRITE, CLOSED, PROXY, 200, ""),
          row("GET /v1/pools", ACCOUNTS_READ, PARTLY, NOTHING, 200, ""),
          row("GET /v1/pools/{name}", ACCOUNTS_READ, INSIDE, POOL, 200, ""),
          row("DELETE /v1/pools/{name}", ACCOUNTS_WRITE, INSIDE, POOL, 204, ""),
          row(
              "PUT /v1/pools/{name}",
              ACCOUNTS_WRITE,
              INSIDE,
              POOL,
              200,
              "{\"strategy\":\"priority\"}"),
          row("GET /v1/providers", ACCOUNTS_READ, CLOSED, NOTHING, 200, ""),
          row("GET /v1/providers/{platform}", ACCOUNTS_READ, CLOSED, PROVIDER, 200, ""),
          row("GET /v1/keyset", ADMIN, CLOSED, NOTHING, 200, ""),
          row("POST /v1/keyset/rewrap", ADMIN, CLOSED, NOTHING, 200, ""),
          row("GET /v1/keys", ADMIN, CLOSED, NOTHING, 200, ""),
          row(
              "POST /v1/keys",
              ADMIN,
              CLOSED,
              NOTHING,
              201,
              "{\"name\":\"k\",\"scopes\":[\"token:read\"]}"),
          row("GET /v1/keys/{id}", ADMIN, CLOSED, KEY, 200, ""),
          row("DELETE /v1/keys/{id}", ADMIN, CLOSED, KEY, 204, ""),
          row("GET /v1/audit", AUDIT_READ, CLOSED, NOTHING, 200, ""),
          row("GET /v1/events", EVENTS_READ, PARTLY, NOTHING, 200, ""),
          row("GET /metrics", METRICS_READ, CLOSED, NOTHING, 200, ""),
          row("GET /health/live", null, PARTLY, NOTHING, 200, ""),
          row("GET /health/ready", null, PARTLY, NOTHING, 200, ""),
          row("GET /openapi.json", null, PARTLY, NOTHING, 200, ""));

  private AccessMatrix() {}

  private static Row row(
      String route, @Nullable Scope scope, Limited limited, Thing thing, int status, String body) {
    return new Row(route, scope, limited, thing, status, body);
  }
}
