package dev.evertoken.http;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.wire.RequestFields;
import dev.evertoken.wire.StrictJson;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A call that has been let in: who calls, what about, and with what.
 *
 * @param what stands for {@code {id}} or {@code {name}} in the path, or null where the path has
 *     none
 */
record Call(Caller caller, HttpServerRequest request, @Nullable String what, Buffer body) {

  static final int LONGEST_ID = 18;

  /** The id in the path: digits only, so that one id has one form. */
  long id() {
    String text = name();
    if (!plainNumber(text)) {
      throw Problem.of(ProblemCode.MALFORMED_REQUEST, "An id is a whole number above 0.")
          .exception();
    }
    return Long.parseLong(text);
  }

  /** The name in the path, as it was written. */
  String name() {
    return what == null ? "" : what;
  }

  static boolean plainNumber(String text) {
    if (text.isEmpty() || text.length() > LONGEST_ID || text.charAt(0) == '0') {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  JsonObject json() {
    return StrictJson.object(body);
  }

  RequestFields fields() {
    return RequestFields.body(json());
  }

  RequestFields query() {
    return RequestFields.query(parameters());
  }

  /** The parameters; one that cannot be decoded is a malformed request. */
  MultiMap parameters() {
    return Parameters.of(request);
  }

  /** Refuses a query where none is known. */
  Call withoutQuery() {
    if (request.query() != null) {
      query().end();
    }
    return this;
  }

  /** Refuses a body with fields, where a body may be left out. */
  Call withoutFields() {
    if (body.length() > 0) {
      fields().end();
    }
    return this;
  }

  /** The revision of {@code If-Match}; empty where there is none, or {@code *}. */
  OptionalLong ifMatch() {
    List<String> given = request.headers().getAll(HttpHeaders.IF_MATCH);
    if (given.isEmpty() || given.equals(List.of("*"))) {
      return OptionalLong.empty();
    }
    String tag = given.getFirst().strip();
    boolean quoted = tag.length() > 2 && tag.startsWith("\"") && tag.endsWith("\"");
    String revision = quoted ? tag.substring(1, tag.length() - 1) : "";
    if (given.size() > 1 || !plainNumber(revision)) {
      throw Problem.of(ProblemCode.PRECONDITION_FAILED, "If-Match takes the one ETag last read.")
          .exception();
    }
    return OptionalLong.of(Long.parseLong(revision));
  }
}
