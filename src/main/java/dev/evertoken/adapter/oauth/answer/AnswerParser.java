package dev.evertoken.adapter.oauth.answer;

import dev.evertoken.domain.RawAnswer;
import dev.evertoken.domain.RawAnswer.End;
import dev.evertoken.domain.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes one HTTP/1 answer apart as its bytes arrive.
 *
 * <p>One connection carries one request, so nothing is gained by strictness: what is odd in the
 * framing is settled by the body, which shows where it ends. Bounded in memory; not thread-safe.
 */
public final class AnswerParser {

  static final int LONGEST_HEAD = 256 * 1024;
  static final int LONGEST_BODY = 1024 * 1024;

  private static final int LONGEST_RAW = LONGEST_HEAD + 3 * LONGEST_BODY;

  private final Bytes raw = new Bytes(LONGEST_RAW);
  private final Bytes chunkedBody = new Bytes(LONGEST_BODY);
  private int lineAt;
  private int scannedTo;
  private int bodyAt;
  private long length = -1;
  private @Nullable Head head;
  private @Nullable Chunks chunks;
  private Reading reading = Reading.HEAD;

  private enum Reading {
    HEAD,
    /** A body of a known length, in chunks, or up to the end of the connection. */
    BODY,
    /** The framing has ended, and the body shows that it goes on. */
    MORE,
    /** Not HTTP, or a head without end: everything is kept as it came. */
    AS_IT_CAME
  }

  /** How far an answer is. */
  public enum Progress {
    /** More must come. */
    OPEN,
    /** It may be complete: {@link AnswerParser#settled} says so once nothing more comes. */
    PERHAPS,
    /** Nothing that comes would be kept. */
    DONE
  }

  /** Takes the next bytes. */
  public Progress feed(byte[] bytes) {
    raw.add(bytes, 0, bytes.length);
    while (reading == Reading.HEAD && takeLine()) {
      // Line by line.
    }
    return switch (reading) {
      case HEAD -> Progress.OPEN;
      case BODY -> body();
      case MORE -> full() ? Progress.DONE : Progress.PERHAPS;
      case AS_IT_CAME -> full() ? Progress.DONE : Progress.PERHAPS;
    };
  }

  /** Whether the answer is complete, given that nothing has come for a while. */
  public boolean settled() {
    return switch (reading) {
      case HEAD -> false;
      case MORE -> true;
      case BODY, AS_IT_CAME -> AnswerBody.closed(content(), kept());
    };
  }

  /**
   * The answer as far as it came; null when not even its head did.
   *
   * @param closed whether the other side ended the connection in order, which ends a body without
   *     any length
   */
  public @Nullable RawAnswer end(boolean closed) {
    if (reading == Reading.HEAD) {
      return unfinishedHead();
    }
    if (reading == Reading.AS_IT_CAME) {
      return answer(raw.copy(0, Math.min(raw.size(), LONGEST_BODY)), End.UNREADABLE);
    }
    byte[] content = content();
    if (full()) {
      return answer(content, End.UNREADABLE);
    }
    boolean whole =
        reading == Reading.MORE
            || framed()
            || (chunks == null && length < 0 && (closed || AnswerBody.closed(content, kept())));
    return answer(content, whole ? End.WHOLE : End.CUT);
  }

  /** Whether the head has come that belongs to the answer itself. */
  public boolean begun() {
    return reading != Reading.HEAD;
  }

  private @Nullable RawAnswer unfinishedHead() {
    boolean holdsToken = Structure.namesToken(raw.text(0, raw.size()));
    String start = start();
    if (!holdsToken && (start.isEmpty() || head != null || Head.couldBegin(start))) {
      return null;
    }
    // A head whose end was damaged: the tokens are in what looks like its lines.
    head = status() / 100 == 2 ? head : null;
    return answer(raw.copy(0, Math.min(raw.size(), LONGEST_BODY)), End.UNREADABLE);
  }

  private String start() {
    int at = 0;
    while (at < raw.size() && (raw.at(at) == '\r' || raw.at(at) == '\n')) {
      at++;
    }
    return raw.text(at, Math.min(raw.size(), at + 8));
  }

  /** Takes one line of the head; false when more must come, or the head has ended. */
  private boolean takeLine() {
    if (head != null && beginsBody()) {
      return beginBody(lineAt);
    }
    int end = raw.find('\n', Math.max(lineAt, scannedTo));
    scannedTo = raw.size();
    if (end < 0 || end - lineAt > LONGEST_HEAD) {
      return unended();
    }
    String line = raw.text(lineAt, end).replaceAll("\\r+$", "");
    lineAt = end + 1;
    scannedTo = lineAt;
    return head == null ? statusLine(line) : headerLine(head, line);
  }

  private boolean unended() {
    boolean http = head != null || Head.couldBegin(start());
    if (!http || raw.size() > LONGEST_HEAD) {
      reading = Reading.AS_IT_CAME;
    }
    return false;
  }

  private boolean statusLine(String line) {
    if (line.isBlank()) {
      return true;
    }
    head = Head.begin(line);
    if (head == null) {
      reading = Reading.AS_IT_CAME;
    }
    return head != null;
  }

  private boolean headerLine(Head begun, String line) {
    if (!line.isEmpty()) {
      if (lineAt > LONGEST_HEAD) {
        reading = Reading.AS_IT_CAME;
        return false;
      }
      begun.line(line);
      return true;
    }
    if (begun.informational()) {
      head = null;
      return true;
    }
    return beginBody(lineAt);
  }

  /** No header begins like that: the empty line before the body is missing. */
  private boolean beginsBody() {
    if (lineAt >= raw.size()) {
      return false;
    }
    int at = lineAt;
    while (at < raw.size() - 1 && raw.at(at) == '\r') {
      at++;
    }
    int first = raw.at(at) & 0xff;
    int second = at + 1 < raw.size() ? raw.at(at + 1) & 0xff : 0;
    return first == '{'
        || first == '['
        || first == '<'
        || (first == 0x1f && second == 0x8b)
        || (first == 0xef && second == 0xbb);
  }

  private boolean beginBody(int at) {
    bodyAt = at;
    reading = Reading.BODY;
    if (head != null && head.chunked()) {
      chunks = new Chunks(raw, at, chunkedBody);
    } else if (head != null) {
      length = head.length();
    }
    return false;
  }

  private Progress body() {
    if (chunks != null) {
      chunks.advance();
    }
    if (full()) {
      return Progress.DONE;
    }
    if (!framed()) {
      return Progress.PERHAPS;
    }
    if (complete()) {
      return Progress.DONE;
    }
    reading = Reading.MORE;
    if (chunks != null) {
      chunks.goOn();
      chunks.advance();
    }
    return Progress.PERHAPS;
  }

  /** Whether the framing says that the body has ended. */
  private boolean framed() {
    return chunks == null ? length >= 0 && raw.size() - bodyAt >= length : chunks.last();
  }

  /** Whether the body agrees; of a refusal nothing more is wanted. */
  private boolean complete() {
    byte[] content = content();
    boolean success = status() / 100 == 2;
    return !success || (content.length > 0 && !AnswerBody.open(content, kept()));
  }

  private boolean full() {
    return raw.full()
        || chunkedBody.full()
        || (reading != Reading.AS_IT_CAME && chunks == null && raw.size() - bodyAt > LONGEST_BODY)
        || (reading == Reading.AS_IT_CAME && raw.size() > LONGEST_BODY);
  }

  /** The bytes of the body; of a known length no more than that, unless it is known to be wrong. */
  private byte[] content() {
    if (reading == Reading.AS_IT_CAME) {
      return raw.copy(0, raw.size());
    }
    if (chunks != null) {
      if (reading == Reading.MORE) {
        chunks.advance();
      }
      return chunkedBody.copy(0, chunkedBody.size());
    }
    long most =
        length >= 0 && reading == Reading.BODY ? Math.min(length, LONGEST_BODY) : LONGEST_BODY;
    return raw.copy(bodyAt, (int) Math.min(raw.size(), bodyAt + most));
  }

  private int status() {
    return head == null ? 0 : head.status();
  }

  private Map<String, String> kept() {
    return head == null ? Map.of() : head.kept();
  }

  private RawAnswer answer(byte[] content, End end) {
    String characters = new String(content, StandardCharsets.ISO_8859_1);
    return new RawAnswer(status(), kept(), Secret.of(characters), end);
  }
}
