package dev.evertoken.adapter.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.Secret;
import dev.evertoken.domain.Trigger;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.Escrow.Entry;
import dev.evertoken.port.Escrow.Holder;
import dev.evertoken.port.Escrow.Presented;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The sealed part of a record: one line of JSON, then the body as it came. The body stands outside
 * the JSON, since escaping could make it six times as long.
 */
final class Sealed {

  /** How much of a body is kept. */
  static final int LONGEST_BODY = 1 << 20;

  private Sealed() {}

  /** The answer as far as it is kept: a body that is too long becomes one that ended early. */
  static RawAnswer kept(RawAnswer answer) {
    String body = answer.body().reveal();
    if (body.length() <= LONGEST_BODY) {
      return answer;
    }
    return new RawAnswer(
        answer.status(),
        answer.headers(),
        Secret.of(body.substring(0, LONGEST_BODY)),
        answer.end() == RawAnswer.End.WHOLE ? RawAnswer.End.CUT : answer.end());
  }

  static Secret write(Entry entry) {
    JsonObject headers = new JsonObject();
    entry.answer().headers().forEach(headers::put);
    String head =
        new JsonObject()
            .put("sequence", entry.presented().sequence())
            .put("generation", entry.presented().generation())
            .put("presented", entry.presented().token().reveal())
            .put("trigger", WireName.of(entry.trigger()))
            .put("status", entry.answer().status())
            .put("headers", headers)
            .put("end", WireName.of(entry.answer().end()))
            .encode();
    return Secret.of(head + '\n' + entry.answer().body().reveal());
  }

  static Entry read(Label label, Secret plain) {
    String whole = plain.reveal();
    int line = whole.indexOf('\n');
    JsonObject json = new JsonObject(whole.substring(0, line));
    Map<String, String> headers = new HashMap<>();
    json.getJsonObject("headers")
        .forEach(header -> headers.put(header.getKey(), "" + header.getValue()));
    RawAnswer answer =
        new RawAnswer(
            json.getInteger("status"),
            headers,
            Secret.of(whole.substring(line + 1)),
            WireName.parse(RawAnswer.End.class, text(json, "end"))
                .orElse(RawAnswer.End.UNREADABLE));
    return entry(label, json, answer);
  }

  /** Of the first format, which kept the status and the text of a whole body, nothing else. */
  static Entry readFormer(Label label, Secret plain) {
    JsonObject json = new JsonObject(plain.reveal());
    String body = new String(text(json, "body").getBytes(UTF_8), ISO_8859_1);
    RawAnswer answer =
        new RawAnswer(json.getInteger("status"), Map.of(), Secret.of(body), RawAnswer.End.WHOLE);
    return entry(label, json, answer);
  }

  private static Entry entry(Label label, JsonObject json, RawAnswer answer) {
    return new Entry(
        label.attempt(),
        new Holder(label.account(), label.incarnation(), label.platform()),
        new Presented(
            Secret.of(text(json, "presented")),
            json.getLong("sequence"),
            json.getLong("generation")),
        label.requestedAt(),
        WireName.parse(Trigger.class, text(json, "trigger")).orElse(Trigger.REQUEST),
        answer);
  }

  private static String text(JsonObject json, String name) {
    return Objects.requireNonNull(json.getString(name), name);
  }
}
