package dev.evertoken.http;

import dev.evertoken.app.AccountFile;
import dev.evertoken.domain.Problem;
import dev.evertoken.domain.ProblemCode;
import dev.evertoken.domain.ProblemException;
import dev.evertoken.wire.StrictJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of accounts: a document with a list of them (our own export; what sub2api gives out,
 * also as the answer of its API), or JSON lines, one account each. Takes long for a large one.
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
    this.bytes = withoutMark(bytes);
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

  private record Line(int number, Buffer bytes) {}

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
      return StrictJson.object(line.bytes());
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
        entries.add(line.number(), StrictJson.object(line.bytes()));
      } catch (ProblemException refusal) {
        entries.unreadable(line.number(), refusal.problem());
      }
    }
    return new Found(true, new AccountFile(proxies.all(), entries.all()));
  }

  private Found document() {
    JsonObject whole = StrictJson.object(bytes);
    JsonObject document = list(whole);
    if (document == null) {
      throw Problem.field(
              ProblemCode.INVALID, "/accounts", "a list of accounts is expected, or JSON lines")
          .exception();
    }
    JsonArray accounts = document.getJsonArray("accounts");
    bounded(accounts.size());
    ImportedProxyList proxies = new ImportedProxyList();
    if (document.getValue("proxies") instanceof JsonArray listed) {
      bounded(listed.size());
      proxies.addAll(listed);
    }
    ImportedEntries entries = new ImportedEntries(proxies, pool, "index");
    for (int index = 0; index < accounts.size(); index++) {
      entries.add(index, accounts.getValue(index));
    }
    return new Found(false, new AccountFile(proxies.all(), entries.all()));
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

  /** Windows puts a mark of the byte order in front of UTF-8, which JSON does not allow. */
  private static Buffer withoutMark(Buffer bytes) {
    boolean marked =
        bytes.length() >= 3
            && bytes.getUnsignedByte(0) == 0xEF
            && bytes.getUnsignedByte(1) == 0xBB
            && bytes.getUnsignedByte(2) == 0xBF;
    return marked ? bytes.slice(3, bytes.length()) : bytes;
  }
}
