package dev.evertoken.http;

import dev.evertoken.app.AccountFile;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.wire.FileJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of accounts: a document with a list of them (our own export; what sub2api gives out,
 * also as the answer of its API), a list alone, one account alone (a credential file of another
 * program), or JSON lines, one account each. Takes long for a large one.
 */
final class AccountFileReader {

  static final int MOST = 10_000;

  private final Buffer bytes;
  private final @Nullable String pool;

  /**
   * A file; nothing is read yet.
   *
   * @param pool for accounts that name none, or null
   */
  AccountFileReader(Buffer bytes, @Nullable String pool) {
    this.bytes = utf8(bytes);
    this.pool = pool;
  }

  /**
   * What was read.
   *
   * @param lines whether places are lines
   */
  record Found(boolean lines, AccountFile file) {}

  /**
   * Reads it; fails where it is no such file at all.
   *
   * @param lines whether its media type says so; else its first line tells
   */
  Found read(boolean lines) {
    List<Line> found = lines();
    JsonObject first = found.isEmpty() ? null : alone(found.getFirst());
    boolean document = first == null ? !lines : list(first) != null;
    return document || found.isEmpty() ? document() : lines(found);
  }

  private record Line(int number, Buffer bytes) {

    private String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }

  private List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    int number = 1;
    int from = 0;
    for (int at = 0; at <= bytes.length(); at++) {
      if (at == bytes.length() || bytes.getByte(at) == '\n') {
        if (!blank(from, at)) {
          lines.add(new Line(number, bytes.slice(from, at)));
        }
        number++;
        from = at + 1;
      }
    }
    return lines;
  }

  private boolean blank(int from, int to) {
    for (int at = from; at < to; at++) {
      if (bytes.getByte(at) > ' ') {
        return false;
      }
    }
    return true;
  }

  /** The object that the line is by itself; null: it is none. */
  private static @Nullable JsonObject alone(Line line) {
    try {
      return FileJson.value(line.text()) instanceof JsonObject object ? object : null;
    } catch (ProblemException e) {
      return null;
    }
  }

  private Found lines(List<Line> lines) {
    bounded(lines.size());
    ImportedProxyList proxies = new ImportedProxyList();
    ImportedEntries entries = new ImportedEntries(proxies, pool, "line");
    for (Line line : lines) {
      try {
        entries.add(line.number(), FileJson.value(line.text()));
      } catch (ProblemException refusal) {
        entries.unreadable(line.number(), refusal.problem());
      }
    }
    return new Found(true, new AccountFile(proxies.all(), entries.all()));
  }

  private Found document() {
    Object whole = FileJson.value(bytes.toString(StandardCharsets.UTF_8));
    if (whole instanceof JsonArray accounts) {
      return listed(accounts, null);
    }
    JsonObject document = whole instanceof JsonObject object ? list(object) : null;
    if (document != null) {
      return listed(document.getJsonArray("accounts"), document.getValue("proxies"));
    }
    if (whole instanceof JsonObject object && isAccount(object)) {
      return listed(new JsonArray().add(object), null);
    }
    throw whole instanceof JsonObject
        ? Problem.field(
                ProblemCode.INVALID, "/accounts", "a list of accounts is expected, or JSON lines")
            .exception()
        : Problem.field(ProblemCode.MALFORMED_REQUEST, "", "a JSON object or array is expected")
            .exception();
  }

  private Found listed(JsonArray accounts, @Nullable Object listedProxies) {
    bounded(accounts.size());
    ImportedProxyList proxies = new ImportedProxyList();
    if (listedProxies instanceof JsonArray listed) {
      bounded(listed.size());
      proxies.addAll(listed);
    }
    ImportedEntries entries = new ImportedEntries(proxies, pool, "index");
    for (int index = 0; index < accounts.size(); index++) {
      entries.add(index, accounts.getValue(index));
    }
    return new Found(false, new AccountFile(proxies.all(), entries.all()));
  }

  /** Whether it looks like one, so that its own fields are worth a report. */
  private static boolean isAccount(JsonObject object) {
    return object.containsKey("platform")
        || object.containsKey("credentials")
        || ForeignAccounts.of(object, new ArrayList<>()) != null;
  }

  /** What has the list: the object itself, or what an API has wrapped it in. */
  private static @Nullable JsonObject list(JsonObject object) {
    if (object.getValue("accounts") instanceof JsonArray) {
      return object;
    }
    return object.getValue("data") instanceof JsonObject data
            && data.getValue("accounts") instanceof JsonArray
        ? data
        : null;
  }

  private static void bounded(int size) {
    if (size > MOST) {
      throw Problem.of(
              ProblemCode.INVALID,
              "A file has at most " + MOST + " accounts and as many proxies; send it in parts.")
          .exception();
    }
  }

  /** Windows puts a mark of the byte order in front, and some of its shells write UTF-16. */
  private static Buffer utf8(Buffer bytes) {
    return switch (mark(bytes)) {
      case "fffe" -> again(bytes, StandardCharsets.UTF_16LE);
      case "feff" -> again(bytes, StandardCharsets.UTF_16BE);
      case "efbb" -> bytes.slice(3, bytes.length());
      default -> bytes;
    };
  }

  private static String mark(Buffer bytes) {
    return bytes.length() < 3 ? "" : HexFormat.of().formatHex(bytes.getBytes(0, 2));
  }

  private static Buffer again(Buffer bytes, Charset charset) {
    return Buffer.buffer(bytes.slice(2, bytes.length()).toString(charset));
  }
}
