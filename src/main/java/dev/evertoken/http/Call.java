package dev.evertoken.http;

import dev.evertoken.domain.Caller;
import dev.evertoken.domain.PlainNumber;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.Trace;
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
 * @param trace names it in the log
 */
record Call(
    Caller caller, HttpServerRequest request, @Nullable String what, Buffer body, Trace trace) {

  /** The id in the path: digits only, so that one id has one form. */
  long id() {
    long id = PlainNumber.of(name());
    if (id == 0) {
      throw Problem.of(ProblemCode.MALFORMED_REQUEST, "An id is a whole number above 0.")
          .exception();
    }
    return id;
  }

  /** The name in the path, as it was written. */
  String name() {
    return what == null ? "" : what;
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
    long number = PlainNumber.of(revision);
    if (given.size() > 1 || number == 0) {
      throw Problem.of(ProblemCode.PRECONDITION_FAILED, "If-Match takes the one ETag last read.")
          .exception();
    }
    return OptionalLong.of(number);
  }
}
