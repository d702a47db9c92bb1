package dev.evertoken.adapter.redis;

import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Benches;
import dev.evertoken.domain.Trigger;
import dev.evertoken.domain.WireName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The form of an account's benches beside the sealed entry: plain, for operators to read too. */
final class BenchesCodec {

  private BenchesCodec() {}

  static String encode(Benches benches) {
    JsonArray array = new JsonArray();
    benches.all().forEach(bench -> array.add(encode(bench)));
    return array.encode();
  }

  static Benches decode(String text) {
    List<Bench> benches =
        new JsonArray(text)
            .stream()
                .map(JsonObject.class::cast)
                .map(JsonFields::new)
                .map(BenchesCodec::decode)
                .toList();
    return new Benches(benches);
  }

  private static JsonObject encode(Bench bench) {
    return new JsonObject()
        .put("cause", WireName.of(bench.cause()))
        .put("until", bench.until().toString())
        .put("reason", bench.reason())
        .put("since", bench.since().toString())
        .put("trigger", WireName.of(bench.trigger()))
        .put("route", bench.route());
  }

  private static Bench decode(JsonFields json) {
    return new Bench(
        WireName.parse(BenchCause.class, json.text("cause")).orElseThrow(),
        json.time("until"),
        json.text("reason"),
        json.time("since"),
        WireName.parse(Trigger.class, json.text("trigger")).orElseThrow(),
        json.textOrNull("route"));
  }
}
