package dev.evertoken.http;

import dev.evertoken.app.CallerAuthentication;
import dev.evertoken.domain.Caller;
import dev.evertoken.domain.KeyRefusal;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.domain.Scope;
import dev.evertoken.domain.Secret;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Who sends a request, by its bearer token (RFC 6750), and whether the scope is enough. */
final class Bearer {

  private static final String SCHEME = "Bearer ";

  private final CallerAuthentication callers;

  Bearer(CallerAuthentication callers) {
    this.callers = callers;
  }

  /** The caller; fails with a 400, 401, 403 or 429, or a storage problem. */
  Future<Caller> admit(RequestHead head, Scope scope) {
    if (head.authorizedTwice()) {
      callers.refused(KeyRefusal.MALFORMED);
      return refused(ProblemCode.MALFORMED_REQUEST, "Authorization is given more than once.");
    }
    String header = head.authorization();
    if (header == null) {
      callers.refused(KeyRefusal.MISSING);
    } else if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      callers.refused(KeyRefusal.MALFORMED);
    }
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return refused(ProblemCode.UNAUTHENTICATED, "Send an API key: Authorization: Bearer …");
    }
    Future<Caller> caller =
        callers.authenticate(Secret.of(header.substring(SCHEME.length()).strip()));
    return caller.succeeded() && caller.result().has(scope)
        ? caller
        : caller.compose(known -> scoped(known, scope));
  }

  /** The {@code WWW-Authenticate} of the problem; null where it needs none. */
  static @Nullable String challenge(Problem problem, RequestHead head, Scope scope) {
    if (problem.code() == ProblemCode.FORBIDDEN) {
      return "Bearer realm=\"evertoken\", error=\"insufficient_scope\", scope=\""
          + scope.wire()
          + "\"";
    }
    if (problem.code() != ProblemCode.UNAUTHENTICATED) {
      return null;
    }
    return head.authorization() == null
        ? "Bearer realm=\"evertoken\""
        : "Bearer realm=\"evertoken\", error=\"invalid_token\"";
  }

  private static Future<Caller> scoped(Caller caller, Scope scope) {
    return caller.has(scope)
        ? Future.succeededFuture(caller)
        : refused(ProblemCode.FORBIDDEN, "This API key lacks the scope " + scope.wire() + ".");
  }

  private static Future<Caller> refused(ProblemCode code, String detail) {
    return Future.failedFuture(new ProblemException(Problem.of(code, detail)));
  }
}
