package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.RouteFault;
import dev.evertoken.domain.Way;
import dev.evertoken.domain.WayRecord;
import dev.evertoken.domain.WayRecord.Bucket;
import dev.evertoken.domain.WayRecord.Failure;
import dev.evertoken.domain.WayRecord.Success;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.RouteStore.Tally;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What is known of a way, in the form of its jsonb columns. */
final class WayJson {

  private WayJson() {}

  static WayRecord record(Row row) {
    return new WayRecord(
        new Way(row.getString("platform"), row.getLong("proxy_id")),
        all((JsonArray) row.getJson("evidence"), WayJson::failure),
        all((JsonArray) row.getJson("buckets"), WayJson::bucket),
        successes((JsonArray) row.getJson("successes")));
  }

  static JsonObject of(Failure failure) {
    return entry(failure.account(), failure.at()).put("fault", WireName.of(failure.fault()));
  }

  /** A fault of a newer release is one of which no more is known than that it happened. */
  private static Failure failure(JsonObject json) {
    return new Failure(
        json.getLong("account"),
        time(json, "at"),
        WireName.parse(RouteFault.class, json.getString("fault")).orElse(RouteFault.STATUS));
  }

  static JsonObject of(Success success) {
    return entry(success.account(), success.at());
  }

  static List<Success> successes(JsonArray json) {
    return all(json, each -> new Success(each.getLong("account"), time(each, "at")));
  }

  /** One entry for each way, with all its buckets and successes. */
  static JsonArray of(Collection<Tally> tallies) {
    Map<Way, JsonObject> ways = new LinkedHashMap<>();
    for (Tally tally : tallies) {
      JsonObject way = ways.computeIfAbsent(tally.way(), WayJson::nothing);
      way.getJsonArray("buckets").add(of(tally.bucket()));
      tally.successes().forEach(success -> way.getJsonArray("successes").add(of(success)));
    }
    return new JsonArray(List.copyOf(ways.values()));
  }

  private static JsonObject nothing(Way way) {
    return new JsonObject()
        .put("platform", way.platform())
        .put("proxy", way.proxyId())
        .put("buckets", new JsonArray())
        .put("successes", new JsonArray());
  }

  private static JsonObject of(Bucket bucket) {
    return new JsonObject()
        .put("start", Stamps.text(bucket.start()))
        .put("exchanges", bucket.exchanges())
        .put("failures", bucket.failures());
  }

  private static Bucket bucket(JsonObject json) {
    return new Bucket(
        time(json, "start"), json.getInteger("exchanges"), json.getInteger("failures"));
  }

  /** What an account did, and when. */
  static JsonObject entry(long account, Instant at) {
    return new JsonObject().put("account", account).put("at", Stamps.text(at));
  }

  static Instant time(JsonObject json, String name) {
    return Instant.parse(json.getString(name));
  }

  static <T> List<T> all(JsonArray json, Function<JsonObject, T> form) {
    return IntStream.range(0, json.size())
        .mapToObj(i -> form.apply(json.getJsonObject(i)))
        .toList();
  }
}
