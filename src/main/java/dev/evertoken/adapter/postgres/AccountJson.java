package dev.evertoken.adapter.postgres;

import dev.evertoken.domain.AccountError;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.BenchCause;
import dev.evertoken.domain.Benches;
import dev.evertoken.domain.FailureHistory;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.RefreshClass;
import dev.evertoken.domain.ReportRule;
import dev.evertoken.domain.Trigger;
import dev.evertoken.domain.WireName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The jsonb columns of an account. */
final class AccountJson {

  private AccountJson() {}

  static @Nullable JsonObject of(@Nullable AccountError error) {
    return error == null
        ? null
        : new JsonObject()
            .put("code", error.code())
            .put("detail", error.detail())
            .put("since", Stamps.text(error.since()));
  }

  static @Nullable AccountError error(@Nullable JsonObject json) {
    return json == null
        ? null
        : new AccountError(
            json.getString("code"),
            json.getString("detail"),
            Instant.parse(json.getString("since")));
  }

  static JsonArray rules(List<ReportRule> rules) {
    JsonArray json = new JsonArray();
    for (ReportRule rule : rules) {
      json.add(
          new JsonObject()
              .put("status", rule.status())
              .put("keywords", new JsonArray(rule.keywords()))
              .put("minutes", rule.bench().toMinutes()));
    }
    return json;
  }

  static List<ReportRule> rules(@Nullable JsonArray json) {
    if (json == null || json.isEmpty()) {
      return List.of();
    }
    return IntStream.range(0, json.size()).mapToObj(i -> rule(json.getJsonObject(i))).toList();
  }

  private static ReportRule rule(JsonObject json) {
    JsonArray keywords = json.getJsonArray("keywords");
    return new ReportRule(
        json.getInteger("status"),
        IntStream.range(0, keywords.size()).mapToObj(keywords::getString).toList(),
        Duration.ofMinutes(json.getLong("minutes")));
  }

  static JsonObject of(LastRefresh last) {
    return new JsonObject()
        .put("attempt", last.attempt().toString())
        .put("at", Stamps.text(last.at()))
        .put("result", WireName.of(last.result()))
        .put("trigger", WireName.of(last.trigger()))
        .put("duration_ms", last.duration().toMillis())
        .put("detail", last.detail());
  }

  static @Nullable LastRefresh lastRefresh(@Nullable JsonObject json) {
    return json == null
        ? null
        : new LastRefresh(
            UUID.fromString(json.getString("attempt")),
            Instant.parse(json.getString("at")),
            known(RefreshClass.class, json.getString("result"), RefreshClass.TRANSIENT),
            known(Trigger.class, json.getString("trigger"), Trigger.BACKGROUND),
            Duration.ofMillis(json.getLong("duration_ms", 0L)),
            json.getString("detail"));
  }

  /** Null: nothing is known against the account. */
  static @Nullable JsonObject of(FailureHistory history) {
    return history.equals(FailureHistory.NONE)
        ? null
        : new JsonObject()
            .put("previous", text(history.previous()))
            .put("latest", text(history.latest()))
            .put("own", history.own())
            .put("refusals", history.refusals())
            .put("refused_since", text(history.refusedSince()));
  }

  static FailureHistory history(@Nullable JsonObject json) {
    return json == null
        ? FailureHistory.NONE
        : new FailureHistory(
            time(json, "previous"),
            time(json, "latest"),
            json.getBoolean("own", false),
            json.getInteger("refusals", 0),
            time(json, "refused_since"));
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : Stamps.text(time);
  }

  private static @Nullable Instant time(JsonObject json, String name) {
    String text = json.getString(name);
    return text == null ? null : Instant.parse(text);
  }

  static JsonObject of(Bench bench) {
    return new JsonObject()
        .put("until", Stamps.text(bench.until()))
        .put("reason", bench.reason())
        .put("since", Stamps.text(bench.since()))
        .put("trigger", WireName.of(bench.trigger()))
        .put("route", bench.route());
  }

  static Benches benches(JsonObject json) {
    List<Bench> all = json.fieldNames().stream().flatMap(cause -> bench(cause, json)).toList();
    return all.isEmpty() ? Benches.NONE : new Benches(all);
  }

  /** A cause of a newer release is passed over: it is not ours to judge. */
  private static Stream<Bench> bench(String cause, JsonObject all) {
    Optional<BenchCause> known = WireName.parse(BenchCause.class, cause);
    JsonObject json = all.getJsonObject(cause);
    return known.stream()
        .map(
            of ->
                new Bench(
                    of,
                    Instant.parse(json.getString("until")),
                    json.getString("reason"),
                    Instant.parse(json.getString("since")),
                    known(Trigger.class, json.getString("trigger"), Trigger.OPERATOR),
                    json.getString("route")));
  }

  private static <E extends Enum<E>> E known(Class<E> type, String name, E otherwise) {
    return WireName.parse(type, name).orElse(otherwise);
  }
}
