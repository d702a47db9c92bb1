package dev.evertoken.wire;

import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.WireName;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes and reads notices (contract, section 4), schema 1. */
public final class NoticeJson {

  private static final int SCHEMA = 1;

  private NoticeJson() {}

  /** The notice as a message. */
  public static JsonObject of(Notice notice) {
    JsonObject json =
        new JsonObject()
            .put("schema", SCHEMA)
            .put("id", notice.id())
            .put("type", WireName.of(notice.type()))
            .put("account", notice.account())
            .put("platform", notice.platform())
            .put("generation", notice.generation())
            .put("revision", notice.revision())
            .put("until", Times.text(notice.until()))
            .put("cause", notice.cause() == null ? null : WireName.of(notice.cause()))
            .put("reason", notice.reason())
            .put("node", notice.node())
            .put("at", Times.text(notice.at()));
    if (notice.proxy() != null) {
      json.put("proxy", notice.proxy());
    }
    if (notice.key() != null) {
      json.put("key", notice.key());
    }
    return notice.pool() == null ? json : json.put("pool", notice.pool());
  }

  /**
   * The notice in a message of this or another version: unknown fields and causes are passed over;
   * empty when it is of a later schema, of an unknown type, or no notice at all.
   */
  public static Optional<Notice> read(@Nullable Object body) {
    if (!(body instanceof JsonObject json) || schema(json) != SCHEMA) {
      return Optional.empty();
    }
    String id = text(json, "id");
    String node = text(json, "node");
    Instant at = Times.parse(json.getValue("at"));
    Notice.Type type = constant(Notice.Type.class, json, "type");
    if (id == null || node == null || at == null || type == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Notice(
            id,
            type,
            whole(json, "account"),
            text(json, "platform"),
            whole(json, "proxy"),
            whole(json, "key"),
            text(json, "pool"),
            whole(json, "generation"),
            whole(json, "revision"),
            Times.parse(json.getValue("until")),
            constant(BenchCause.class, json, "cause"),
            text(json, "reason"),
            node,
            at));
  }

  private static int schema(JsonObject json) {
    return json.getValue("schema") instanceof Number schema ? schema.intValue() : 0;
  }

  private static @Nullable String text(JsonObject json, String name) {
    return json.getValue(name) instanceof String text ? text : null;
  }

  private static @Nullable Long whole(JsonObject json, String name) {
    return json.getValue(name) instanceof Number number ? number.longValue() : null;
  }

  private static <E extends Enum<E>> @Nullable E constant(
      Class<E> type, JsonObject json, String name) {
    String text = text(json, name);
    return text == null ? null : WireName.parse(type, text).orElse(null);
  }
}
