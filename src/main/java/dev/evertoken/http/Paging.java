package dev.evertoken.http;

import dev.evertoken.wire.RequestFields;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Which page of a list is asked for: so many, after that id. */
record Paging(int limit, long afterId) {

  private static final int USUAL = 50;
  private static final int MOST = 500;

  /** Reads {@code limit} and {@code cursor}; the cursor is the last id of the page before. */
  static Paging of(RequestFields query) {
    Long limit = query.whole("limit", 1, MOST);
    Long cursor = query.whole("cursor", 0, Long.MAX_VALUE);
    return new Paging(limit == null ? USUAL : limit.intValue(), cursor == null ? 0 : cursor);
  }

  /** The last name of the page before, of a list that is by name; empty: from the first. */
  static String afterName(RequestFields query) {
    String cursor = query.text("cursor", 200);
    return cursor == null ? "" : cursor;
  }

  /** Reads {@code limit} only. */
  static Paging byName(RequestFields query) {
    Long limit = query.whole("limit", 1, MOST);
    return new Paging(limit == null ? USUAL : limit.intValue(), 0);
  }

  /** One more than is shown, which tells whether there is a next page. */
  int fetch() {
    return limit + 1;
  }

  <T> Reply reply(List<T> found, Function<T, JsonObject> json, ToLongFunction<T> id) {
    return replyByName(found, json, item -> Long.toString(id.applyAsLong(item)));
  }

  <T> Reply replyByName(List<T> found, Function<T, JsonObject> json, Function<T, String> cursor) {
    List<T> page = found.size() > limit ? found.subList(0, limit) : found;
    JsonArray items = new JsonArray();
    page.forEach(item -> items.add(json.apply(item)));
    String next = found.size() > limit ? cursor.apply(page.getLast()) : null;
    return Reply.json(new JsonObject().put("items", items).put("next_cursor", next));
  }
}
