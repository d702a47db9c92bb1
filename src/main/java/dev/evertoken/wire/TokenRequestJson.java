package dev.evertoken.wire;

import dev.evertoken.domain.TokenOptions;
import dev.evertoken.domain.TokenRequest;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a caller asks for, strictly, and writes it (contract, section 3, "Tokens"). */
public final class TokenRequestJson {

  /** The longest a caller may wait. */
  public static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  /** No token lives longer; keeps arithmetic on times far from its ends. */
  private static final long LONGEST_TTL_SECONDS = 1_000_000_000;

  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_SESSION = 256;
  private static final int MOST_EXCLUDED = 1000;

  private TokenRequestJson() {}

  /**
   * The body of {@code POST /v1/token}, or a message to {@code evertoken.token.get}. Fails with
   * {@code malformed_request} or {@code invalid}, with a pointer to each wrong field.
   */
  public static TokenRequest body(JsonObject body) {
    return isPlain(body)
        ? new TokenRequest.OfAccount(body.getLong("account"), TokenOptions.NONE)
        : parsed(body);
  }

  /** Nothing but the id of an account: what is asked all the time, and needs no careful look. */
  private static boolean isPlain(JsonObject body) {
    return body.size() == 1
        && switch (body.getValue("account")) {
          case Long id -> id > 0;
          case Integer id -> id > 0;
          case null, default -> false;
        };
  }

  private static TokenRequest parsed(JsonObject body) {
    RequestFields fields = RequestFields.body(body);
    Long account = fields.whole("account", 1, Long.MAX_VALUE);
    String pool = fields.text("pool", LONGEST_NAME);
    Set<Long> exclude = fields.ids("exclude", MOST_EXCLUDED);
    String session = fields.text("session", LONGEST_SESSION);
    TokenOptions options = options(fields, exclude, session);
    boolean ofPool = body.getValue("pool") != null;
    if (ofPool == (body.getValue("account") != null)) {
      fields.malformed(ofPool ? "pool" : "account", "exactly one of account and pool is expected");
    } else if (!ofPool) {
      refusePoolOptions(fields, body);
    }
    fields.end();
    if (account != null) {
      return new TokenRequest.OfAccount(account, options);
    }
    return new TokenRequest.OfPool(Objects.requireNonNull(pool), options);
  }

  /** The query of {@code GET /v1/accounts/{id}/token}; fails in the same way. */
  public static TokenRequest query(long account, MultiMap query) {
    RequestFields fields = RequestFields.query(query);
    TokenOptions options = options(fields, Set.of(), null);
    fields.end();
    return new TokenRequest.OfAccount(account, options);
  }

  /** The request as a body, with only what differs from the defaults. */
  public static JsonObject write(TokenRequest request) {
    JsonObject body =
        switch (request) {
          case TokenRequest.OfAccount of -> new JsonObject().put("account", of.account());
          case TokenRequest.OfPool of -> new JsonObject().put("pool", of.pool());
        };
    TokenOptions options = request.options();
    putGiven(body, "min_ttl", options.minTtl() == null ? null : options.minTtl().toSeconds());
    putGiven(body, "max_wait_ms", options.maxWait() == null ? null : options.maxWait().toMillis());
    putGiven(body, "if_generation_not", options.ifGenerationNot());
    putGiven(body, "platform", options.platform());
    putGiven(body, "include_benched", options.includeBenched() ? true : null);
    putGiven(
        body,
        "exclude",
        options.exclude().isEmpty() ? null : new JsonArray(List.copyOf(options.exclude())));
    putGiven(body, "session", options.session());
    return body;
  }

  private static void putGiven(JsonObject body, String name, @Nullable Object value) {
    if (value != null) {
      body.put(name, value);
    }
  }

  private static TokenOptions options(
      RequestFields fields, Set<Long> exclude, @Nullable String session) {
    Long minTtl = fields.whole("min_ttl", 0, LONGEST_TTL_SECONDS);
    Long maxWait = fields.whole("max_wait_ms", 0, LONGEST_WAIT.toMillis());
    Long generation = fields.whole("if_generation_not", 0, Long.MAX_VALUE);
    String platform = fields.text("platform", LONGEST_NAME);
    Boolean includeBenched = fields.flag("include_benched");
    return new TokenOptions(
        minTtl == null ? null : Duration.ofSeconds(minTtl),
        maxWait == null ? null : Duration.ofMillis(maxWait),
        generation,
        platform,
        Boolean.TRUE.equals(includeBenched),
        exclude,
        session);
  }

  private static void refusePoolOptions(RequestFields fields, JsonObject body) {
    for (String name : List.of("exclude", "session")) {
      if (body.getValue(name) != null) {
        fields.malformed(name, "is an option of a pool only");
      }
    }
  }
}
