package dev.evertoken.adapter.oauth;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Odd answers as bytes (one character for each), and what a rotating provider's mean: the access
 * token is always {@code at-new}, the refresh token {@code rt-new}.
 */
final class OddAnswers {

  static final String JSON =
      "{\"access_token\":\"at-new\",\"expires_in\":3600,\"refresh_token\":\"rt-new\"}";

  static final String OK = "HTTP/1.1 200 OK\r\n";
  static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
  static final String FORM =
      "access_token=at-new&expires_in=3600&refresh_token=rt-new&token_type=bearer";

  private OddAnswers() {}

  static Stream<Arguments> all() {
    return Stream.of(framings(), heads(), codings(), OddBodies.all()).flatMap(part -> part);
  }

  private static Stream<Arguments> framings() {
    return Stream.of(
        odd("no length", OK + "\r\n" + JSON, "Tokens"),
        odd("http 1.0", "HTTP/1.0 200 OK\r\n\r\n" + JSON, "Tokens"),
        odd(
            "equal lengths",
            sized(JSON.length() + "\r\nContent-Length: " + JSON.length()),
            "Tokens"),
        odd("equal lengths in one line", sized(JSON.length() + ", " + JSON.length()), "Tokens"),
        odd("two lengths", sized("5\r\nContent-Length: 5000"), "Tokens"),
        odd("length too short", sized("20"), "Tokens"),
        odd("length of nothing", sized("0"), "Tokens"),
        odd("length too long", sized("5000"), "Tokens"),
        odd("length is no number", sized("many"), "Tokens"),
        odd(
            "length beside chunks",
            OK + "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(7),
            "Tokens"),
        odd("one chunk", CHUNKED + chunks(1000), "Tokens"),
        odd("chunks of a byte", CHUNKED + chunks(1), "Tokens"),
        odd(
            "chunk extensions",
            CHUNKED + chunks(9).replace("9\r\n", "9;a=\"b c\"; d\r\n"),
            "Tokens"),
        odd("chunks with bare lf", CHUNKED + chunks(9).replace("\r\n", "\n"), "Tokens"),
        odd(
            "trailers",
            CHUNKED + chunks(9).replaceFirst("0\r\n\r\n$", "0\r\nX: y\r\n\r\n"),
            "Tokens"),
        odd("no last chunk", CHUNKED + chunks(9).replaceFirst("0\r\n\r\n$", ""), "Tokens"),
        odd("chunked and is not", CHUNKED + JSON, "Tokens"),
        odd("chunk size too small", CHUNKED + "5\r\n" + JSON + "\r\n0\r\n\r\n", "Tokens"),
        odd("chunk size too large", CHUNKED + "fff\r\n" + JSON + "\r\n0\r\n\r\n", "Tokens"),
        odd("last chunk first", CHUNKED + "0\r\n" + JSON + "\r\n", "Tokens"),
        odd(
            "bytes behind",
            OK
                + "Content-Length: "
                + JSON.length()
                + "\r\n\r\n"
                + JSON
                + "HTTP/1.1 400 Bad\r\n\r\n",
            "Tokens"),
        odd("204 with a body", "HTTP/1.1 204 No Content\r\n\r\n" + JSON, "Tokens"));
  }

  private static Stream<Arguments> heads() {
    return Stream.of(
        odd("no reason", "HTTP/1.1 200\r\n\r\n" + JSON, "Tokens"),
        odd("http 2 by text", "HTTP/2 200\r\n\r\n" + JSON, "Tokens"),
        odd("blanks in the status line", "http/1.1   200   fine\r\n\r\n" + JSON, "Tokens"),
        odd("empty lines first", "\r\n\n" + OK + "\r\n" + JSON, "Tokens"),
        odd(
            "informational answers",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                + OK
                + "\r\n"
                + JSON,
            "Tokens"),
        odd("bare lf", (OK + "X: y\r\n\r\n").replace("\r\n", "\n") + JSON, "Tokens"),
        odd("folded header", OK + "X: y\r\n  z\r\n\r\n" + JSON, "Tokens"),
        odd("header without a colon", OK + "nonsense\r\n: empty\r\nX : y\r\n\r\n" + JSON, "Tokens"),
        odd("header beyond ascii", OK + "X-\u00fc\u0001: \u0000\r\n\r\n" + JSON, "Tokens"),
        odd(
            "200 KiB of headers",
            OK + ("X-Filler: " + "y".repeat(1000) + "\r\n").repeat(200) + "\r\n" + JSON,
            "Tokens"),
        odd("no empty line", OK + "X: y\r\n" + JSON, "Tokens"),
        odd("no head at all", JSON, "Tokens"),
        odd(
            "headers without end",
            OK + ("X: " + "y".repeat(1000) + "\r\n").repeat(300) + "\r\n" + JSON,
            "Tokens"),
        odd("not http", "SSH-2.0-nonsense\r\n\r\n", "Unreadable"),
        odd("status of four digits", "HTTP/1.1 2000 OK\r\n\r\n" + JSON, "Tokens"));
  }

  private static Stream<Arguments> codings() {
    String gzip = AnswerCase.gzip(JSON);
    return Stream.of(
        odd("x-gzip", coded("x-gzip", gzip), "Tokens"),
        odd("gzip unnamed", OK + "\r\n" + gzip, "Tokens"),
        odd("gzip named and is not", coded("gzip", JSON), "Tokens"),
        odd("gzip named deflate", coded("deflate", gzip), "Tokens"),
        odd("gzip twice", coded("gzip, gzip", AnswerCase.gzip(gzip)), "Tokens"),
        odd("gzip twice, named once", coded("gzip", AnswerCase.gzip(gzip)), "Tokens"),
        odd("zlib", coded("deflate", deflate(JSON, false)), "Tokens"),
        odd("raw deflate", coded("deflate", deflate(JSON, true)), "Tokens"),
        odd(
            "zlib in gzip",
            coded("deflate, gzip", AnswerCase.gzip(deflate(JSON, false))),
            "Tokens"),
        odd("gzip as transfer coding", OK + "Transfer-Encoding: gzip\r\n\r\n" + gzip, "Tokens"),
        odd(
            "gzip without its checksum",
            coded("gzip", gzip.substring(0, gzip.length() - 8)),
            "Tokens"),
        odd(
            "gzip with a wrong checksum",
            coded("gzip", gzip.substring(0, gzip.length() - 8) + "abcdefgh"),
            "Unreadable"),
        odd("br named and is not", coded("br", JSON), "Tokens"),
        odd("br", coded("br", "\u008b\u0006\u0080{\"a"), "Unreadable"),
        odd("utf-16", typed("application/json", in(StandardCharsets.UTF_16, JSON)), "Tokens"),
        odd(
            "utf-16 without a mark",
            typed("application/json", in(StandardCharsets.UTF_16LE, JSON)),
            "Tokens"),
        odd("utf-16 named and is not", typed("application/json; charset=utf-16", JSON), "Tokens"),
        odd("unknown charset", typed("application/json; charset=klingon", JSON), "Tokens"),
        odd(
            "latin 1",
            typed("text/json; charset=\"latin1\"", JSON.replace("{\"a", "{\"n\":\"\u00fc\",\"a")),
            "Tokens"),
        odd(
            "no charset, not utf-8",
            typed("text/plain", JSON.replace("{\"a", "{\"n\":\"\u00fc\",\"a")),
            "Tokens"),
        odd("a mark before a form", OK + "\r\n\u00ef\u00bb\u00bf" + FORM, "Tokens"));
  }

  static Arguments odd(String name, String bytes, String meaning) {
    return arguments(name, bytes, meaning);
  }

  private static String sized(String length) {
    return OK + "Content-Length: " + length + "\r\n\r\n" + JSON;
  }

  static String typed(String type, String body) {
    return OK + "Content-Type: " + type + "\r\n\r\n" + body;
  }

  private static String coded(String coding, String body) {
    return OK + "Content-Encoding: " + coding + "\r\n\r\n" + body;
  }

  private static String chunks(int size) {
    return chunks(JSON, size);
  }

  static String chunks(String body, int size) {
    StringBuilder chunks = new StringBuilder();
    for (int at = 0; at < body.length(); at += size) {
      String part = body.substring(at, Math.min(body.length(), at + size));
      chunks.append(Integer.toHexString(part.length())).append("\r\n").append(part).append("\r\n");
    }
    return chunks.append("0\r\n\r\n").toString();
  }

  private static String in(Charset charset, String text) {
    return new String(text.getBytes(charset), StandardCharsets.ISO_8859_1);
  }

  private static String deflate(String text, boolean raw) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var deflater =
        new DeflaterOutputStream(out, new Deflater(Deflater.DEFAULT_COMPRESSION, raw))) {
      deflater.write(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }
}
