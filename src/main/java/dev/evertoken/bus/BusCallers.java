package dev.evertoken.bus;

import dev.evertoken.domain.Caller;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells who sent a message. */
public interface BusCallers {

  Future<Caller> caller(MultiMap headers);

  /**
   * Trusts every member of the bus with every account, and audits it as {@code bus:<node>}: the
   * node that the message names, else this one.
   */
  static BusCallers trusting(String thisNode) {
    Predicate<String> plain = Pattern.compile("[A-Za-z0-9._-]{1,100}").asMatchPredicate();
    Future<Caller> ofThisNode = Future.succeededFuture(Caller.trusted("bus:" + thisNode));
    return headers -> {
      String named = headers.get(Headers.NODE);
      return named != null && plain.test(named)
          ? Future.succeededFuture(Caller.trusted("bus:" + named))
          : ofThisNode;
    };
  }

  /**
   * Wants an API key in the header {@code authorization}.
   *
   * @param check given the header's value or null; fails with a problem
   */
  static BusCallers withKey(Function<@Nullable String, Future<Caller>> check) {
    return headers -> check.apply(headers.get(Headers.AUTHORIZATION));
  }
}
