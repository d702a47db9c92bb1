package dev.evertoken.http;

import dev.evertoken.app.AuditReading;
import dev.evertoken.domain.Scope;
import dev.evertoken.port.AuditLog.Entry;
import dev.evertoken.port.AuditLog.Filter;
import dev.evertoken.port.AuditLog.Place;
import dev.evertoken.wire.RequestFields;
import dev.evertoken.wire.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The audit (contract, section 3): newest first, changes and counts of token reads. */
final class AuditEndpoints {

  private static final int USUAL = 50;
  private static final int MOST = 500;
  private static final int LONGEST = 200;

  /** Microseconds, whether reads are counted, and the id: the place of the last entry shown. */
  private static final Pattern CURSOR = Pattern.compile("(\\d{1,17})\\.([cr])\\.(\\d{1,18})");

  private final AuditReading audit;

  AuditEndpoints(AuditReading audit) {
    this.audit = audit;
  }

  List<Endpoint> all() {
    return List.of(Endpoint.get("/v1/audit", Scope.AUDIT_READ, this::list));
  }

  private Future<Reply> list(Call call) {
    RequestFields query = call.query();
    Long limit = query.whole("limit", 1, MOST);
    int page = limit == null ? USUAL : limit.intValue();
    Place before = cursor(query);
    Filter filter =
        new Filter(
            query.whole("account", 1, Long.MAX_VALUE),
            PlainText.of(query, "actor", LONGEST),
            PlainText.of(query, "action", LONGEST),
            query.time("since"),
            query.time("until"));
    query.end();
    return audit.list(call.caller(), filter, page + 1, before).map(found -> reply(found, page));
  }

  private static @Nullable Place cursor(RequestFields query) {
    String given = query.text("cursor", LONGEST);
    if (given == null) {
      return null;
    }
    Matcher cursor = CURSOR.matcher(given);
    if (!cursor.matches()) {
      query.malformed("cursor", "the next_cursor of the page before is expected");
      return null;
    }
    return new Place(
        Instant.EPOCH.plus(Long.parseLong(cursor.group(1)), ChronoUnit.MICROS),
        cursor.group(2).equals("r"),
        Long.parseLong(cursor.group(3)));
  }

  private static Reply reply(List<Entry> found, int page) {
    List<Entry> shown = found.size() > page ? found.subList(0, page) : found;
    JsonArray items = new JsonArray();
    shown.forEach(entry -> items.add(json(entry)));
    String next = found.size() > page ? text(shown.getLast().place()) : null;
    return Reply.json(new JsonObject().put("items", items).put("next_cursor", next));
  }

  private static String text(Place place) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, place.at())
        + (place.read() ? ".r." : ".c.")
        + place.id();
  }

  /** What a caller asked for without saying more was done because it asked. */
  private static @Nullable String reason(Entry entry) {
    String given = entry.facts().get("reason");
    return given == null && entry.reads() == null ? "asked for by its actor" : given;
  }

  private static JsonObject json(Entry entry) {
    JsonObject facts = new JsonObject();
    for (Map.Entry<String, String> fact : entry.facts().entrySet()) {
      if (!fact.getKey().equals("reason")) {
        facts.put(fact.getKey(), fact.getValue());
      }
    }
    JsonObject json =
        new JsonObject()
            .put("at", Times.text(entry.place().at()))
            .put("actor", entry.actor())
            .put("actor_name", entry.actorName())
            .put("action", entry.action())
            .put("account", entry.account())
            .put("reason", reason(entry))
            .put("facts", facts);
    return entry.reads() == null ? json : json.put("reads", entry.reads());
  }
}
