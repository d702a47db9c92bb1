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

  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
  private static final String FORM =
      "access_token=at-new&expires_in=3600&refresh_token=rt-new&token_type=bearer";

  private OddAnswers() {}

  static Stream<Arguments> all() {
    return Stream.of(framings(), heads(), codings(), structures(), cuts(), refusals())
        .flatMap(part -> part);
  }

  private static Stream<Arguments> framings() {
    return Stream.of(
        odd("no length", OK + "\r\n" + JSON, "Tokens"),
        odd("http 1.0", "HTTP/1.0 200 OK\r\n\r\n" + JSON, "Tokens"),
        odd("equal lengths", sized(JSON.length() + "\r\nContent-Length: " + JSON.length()), "Tokens"),
        odd("equal lengths in one line", sized(JSON.length() + ", " + JSON.length()), "Tokens"),
        odd("two lengths", sized("5\r\nContent-Length: 5000"), "Tokens"),
        odd("length too short", sized("20"), "Tokens"),
        odd("length of nothing", sized("0"), "Tokens"),
        odd("length too long", sized("5000"), "Tokens"),
        odd("length is no number", sized("many"), "Tokens"),
        odd("length beside chunks", OK + "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(7), "Tokens"),
        odd("one chunk", CHUNKED + chunks(1000), "Tokens"),
        odd("chunks of a byte", CHUNKED + chunks(1), "Tokens"),
        odd("chunk extensions", CHUNKED + chunks(9).replace("9\r\n", "9;a=\"b c\"; d\r\n"), "Tokens"),
        odd("chunks with bare lf", CHUNKED + chunks(9).replace("\r\n", "\n"), "Tokens"),
        odd("trailers", CHUNKED + chunks(9).replaceFirst("0\r\n\r\n$", "0\r\nX: y\r\n\r\n"), "Tokens"),
        odd("no last chunk", CHUNKED + chunks(9).replaceFirst("0\r\n\r\n$", ""), "Tokens"),
        odd("chunked and is not", CHUNKED + JSON, "Tokens"),
        odd("chunk size too small", CHUNKED + "5\r\n" + JSON + "\r\n0\r\n\r\n", "Tokens"),
        odd("chunk size too large", CHUNKED + "fff\r\n" + JSON + "\r\n0\r\n\r\n", "Tokens"),
        odd("last chunk first", CHUNKED + "0\r\n" + JSON + "\r\n", "Tokens"),
        odd("bytes behind", OK + "Content-Length: " + JSON.length() + "\r\n\r\n" + JSON + "HTTP/1.1 400 Bad\r\n\r\n", "Tokens"),
        odd("204 with a body", "HTTP/1.1 204 No Content\r\n\r\n" + JSON, "Tokens"));
  }

  private static Stream<Arguments> heads() {
    return Stream.of(
        odd("no reason", "HTTP/1.1 200\r\n\r\n" + JSON, "Tokens"),
        odd("http 2 by text", "HTTP/2 200\r\n\r\n" + JSON, "Tokens"),
        odd("blanks in the status line", "http/1.1   200   fine\r\n\r\n" + JSON, "Tokens"),
        odd("empty lines first", "\r\n\n" + OK + "\r\n" + JSON, "Tokens"),
        odd("informational answers", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK + "\r\n" + JSON, "Tokens"),
        odd("bare lf", (OK + "X: y\r\n\r\n").replace("\r\n", "\n") + JSON, "Tokens"),
        odd("folded header", OK + "X: y\r\n  z\r\n\r\n" + JSON, "Tokens"),
        odd("header without a colon", OK + "nonsense\r\n: empty\r\nX : y\r\n\r\n" + JSON, "Tokens"),
        odd("header beyond ascii", OK + "X-\u00fc\u0001: \u0000\r\n\r\n" + JSON, "Tokens"),
        odd("200 KiB of headers", OK + ("X-Filler: " + "y".repeat(1000) + "\r\n").repeat(200) + "\r\n" + JSON, "Tokens"),
        odd("no empty line", OK + "X: y\r\n" + JSON, "Tokens"),
        odd("no head at all", JSON, "Tokens"),
        odd("headers without end", OK + ("X: " + "y".repeat(1000) + "\r\n").repeat(300) + "\r\n" + JSON, "Tokens"),
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
        odd("zlib in gzip", coded("deflate, gzip", AnswerCase.gzip(deflate(JSON, false))), "Tokens"),
        odd("gzip as transfer coding", OK + "Transfer-Encoding: gzip\r\n\r\n" + gzip, "Tokens"),
        odd("gzip without its checksum", coded("gzip", gzip.substring(0, gzip.length() - 8)), "Tokens"),
        odd("gzip with a wrong checksum", coded("gzip", gzip.substring(0, gzip.length() - 8) + "abcdefgh"), "Unreadable"),
        odd("br named and is not", coded("br", JSON), "Tokens"),
        odd("br", coded("br", "\u008b\u0006\u0080{\"a"), "Unreadable"),
        odd("utf-16", typed("application/json", in(StandardCharsets.UTF_16, JSON)), "Tokens"),
        odd("utf-16 without a mark", typed("application/json", in(StandardCharsets.UTF_16LE, JSON)), "Tokens"),
        odd("utf-16 named and is not", typed("application/json; charset=utf-16", JSON), "Tokens"),
        odd("unknown charset", typed("application/json; charset=klingon", JSON), "Tokens"),
        odd("latin 1", typed("text/json; charset=\"latin1\"", JSON.replace("{\"a", "{\"n\":\"\u00fc\",\"a")), "Tokens"),
        odd("no charset, not utf-8", typed("text/plain", JSON.replace("{\"a", "{\"n\":\"\u00fc\",\"a")), "Tokens"),
        odd("a mark before a form", OK + "\r\n\u00ef\u00bb\u00bf" + FORM, "Tokens"));
  }

  private static Stream<Arguments> structures() {
    String tokens = JSON.substring(1, JSON.length() - 1);
    return Stream.of(
        odd("html type", typed("text/html", JSON), "Tokens"),
        odd("json in a string", OK + "\r\n\"" + JSON.replace("\"", "\\\"") + "\"", "Tokens"),
        odd("member that is json in a string", OK + "\r\n{\"data\":\"" + JSON.replace("\"", "\\\"") + "\"}", "Tokens"),
        odd("anti-hijacking prefix", OK + "\r\n)]}',\n" + JSON, "Tokens"),
        odd("endless loop prefix", OK + "\r\nfor(;;);" + JSON, "Tokens"),
        odd("jsonp", OK + "\r\n/**/callback_1(" + JSON + ");", "Tokens"),
        odd("in a list", OK + "\r\n[" + JSON + "]", "Tokens"),
        odd("in result", OK + "\r\n{\"result\":" + JSON + "}", "Tokens"),
        odd("in response", OK + "\r\n{\"response\":" + JSON + ",\"status\":200}", "Tokens"),
        odd("in authed_user", OK + "\r\n{\"ok\":true,\"authed_user\":" + JSON + "}", "Tokens"),
        odd("in tokens, two levels down", OK + "\r\n{\"data\":{\"tokens\":" + JSON + "}}", "Tokens"),
        odd("camel case", OK + "\r\n" + JSON.replace("access_token", "accessToken").replace("refresh_token", "refreshToken").replace("expires_in", "expiresIn"), "Tokens"),
        odd("capitals", OK + "\r\n" + JSON.replace("access_token", "ACCESS_TOKEN").replace("refresh_token", "Refresh-Token"), "Tokens"),
        odd("repeated members", OK + "\r\n{\"refresh_token\":\"old\"," + tokens + ",\"refresh_token\":null}", "Tokens"),
        odd("single quotes", OK + "\r\n" + JSON.replace('"', '\''), "Tokens"),
        odd("comma before the end", OK + "\r\n{" + tokens + ",}", "Tokens"),
        odd("two documents", OK + "\r\n{\"event\":1}\n" + JSON, "Tokens"),
        odd("deep nesting beside", OK + "\r\n{\"x\":" + "[".repeat(9999) + "]".repeat(9999) + "," + tokens + "}", "Tokens"),
        odd("a failure beside", OK + "\r\n{\"ok\":false,\"error\":\"invalid_grant\"," + tokens + "}", "Tokens"),
        odd("a form as json", typed("application/json", FORM), "Tokens"),
        odd("a form in chunks", CHUNKED + chunks(FORM, 9), "Tokens"),
        odd("tokens as objects", OK + "\r\n{\"access_token\":{\"token\":\"at-new\"},\"expires_in\":9,\"refresh_token\":{\"value\":\"rt-new\"}}", "Tokens"),
        odd("dpop", OK + "\r\n{\"token_type\":\"DPoP\"," + tokens + "}", "Successor"),
        odd("a token with a line end", OK + "\r\n" + JSON.replace("at-new", "at-\\nnew"), "Successor"),
        odd("a token of 65 KiB", OK + "\r\n" + JSON.replace("at-new", "x".repeat(65 * 1024)), "Successor"),
        odd("a refresh token that is a number", OK + "\r\n" + JSON.replace("\"rt-new\"", "17"), "Unreadable"),
        odd("a refresh token with a zero", OK + "\r\n" + JSON.replace("rt-new", "rt\\u0000"), "Unreadable"),
        odd("a token by another name", OK + "\r\n{\"error\":\"odd\",\"my_token\":\"rt-new\"}", "Unreadable"),
        odd("a page", typed("text/html", "<html>sign in</html>"), "Unreadable"),
        odd("nothing", OK + "Content-Length: 0\r\n\r\n", "Unreadable"));
  }

  private static Stream<Arguments> cuts() {
    String sized = OK + "Content-Length: 5000\r\n\r\n";
    String late = "{\"refresh_token\":\"rt-new\",\"access_token\":\"at-n";
    return Stream.of(
        odd("cut in the access token", sized + late, "Successor"),
        odd("cut before the lifetime", sized + late + "ew\",\"expires_in\":36", "Successor"),
        odd("cut behind the lifetime", sized + late + "ew\",\"expires_in\":3600,", "Tokens"),
        odd("cut in the refresh token", sized + JSON.substring(0, JSON.length() - 4), "Unreadable"),
        odd("cut behind its quote", sized + JSON.substring(0, JSON.length() - 1), "Tokens"),
        odd("cut before it", sized + "{\"access_token\":\"at-new\",\"expires_in\":3600,", "Unreadable"),
        odd("cut in an error", sized + "{\"error\":\"invalid_grant\",", "Unreadable"),
        odd("cut gzip", sized + cutGzip(), "Tokens"),
        odd("form cut in its last field", sized + FORM, "Tokens"),
        odd("form cut in its refresh token", sized + "access_token=at-new&expires_in=3600&refresh_token=rt-n", "Unreadable"),
        odd("a quote inside a token", OK + "\r\n" + JSON.replace("rt-new", "rt\"new"), "Unreadable"));
  }

  private static Stream<Arguments> refusals() {
    return Stream.of(
        odd("redirect", "HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n", "Transient"),
        odd("409 without a body", "HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n", "Transient"),
        odd("a styled page", "HTTP/1.1 403 No\r\n\r\n<style>body{color:red}</style>error=access_token", "Transient"),
        odd("503 and a date", "HTTP/1.1 503 No\r\nRetry-After: Mon, 01 Jun 2026 12:10:00 GMT\r\n\r\n", "Transient"),
        odd("504", "HTTP/1.1 504 Late\r\n\r\n", "Unknown"),
        odd("429 as text", "HTTP/1.1 429 Slow\r\nRetry-After: 3\r\n\r\nslow", "Throttled"),
        odd("a gateway's json", "HTTP/1.1 403 No\r\n\r\n{\"message\":\"Forbidden\"}", "Refused"),
        odd("github as a form", OK + "\r\nerror=bad_refresh_token&error_description=x", "Permanent"),
        odd("twitch", "HTTP/1.1 400 No\r\n\r\n{\"status\":400,\"message\":\"Invalid refresh token\"}", "Permanent"),
        odd("meta", "HTTP/1.1 400 No\r\n\r\n{\"error\":{\"message\":\"x\",\"type\":\"OAuthException\",\"code\":190}}", "Permanent"),
        odd("entra", "HTTP/1.1 400 No\r\n\r\n{\"error\":\"invalid_grant\",\"error_codes\":[700082]}", "Permanent"),
        odd("entra, overloaded", "HTTP/1.1 400 No\r\n\r\n{\"error\":\"invalid_grant\",\"error_codes\":[90033]}", "Transient"),
        odd("wechat", OK + "\r\n{\"errcode\":42002,\"errmsg\":\"x\"}", "Permanent"),
        odd("withings, throttled", OK + "\r\n{\"status\":601,\"body\":{},\"error\":\"x\"}", "Throttled"),
        odd("strava", "HTTP/1.1 400 No\r\n\r\n{\"errors\":[{\"resource\":\"RefreshToken\",\"field\":\"refresh_token\",\"code\":\"invalid\"}]}", "Permanent"),
        odd("openai, another end", "HTTP/1.1 401 No\r\n\r\n{\"error\":{\"code\":\"app_session_expired\"}}", "Permanent"),
        odd("a word in capitals", "HTTP/1.1 400 No\r\n\r\n{\"code\":\"INVALID-REFRESH-TOKEN\"}", "Permanent"),
        odd("gzip refusal", "HTTP/1.1 400 No\r\nContent-Encoding: gzip\r\n\r\n" + AnswerCase.gzip("{\"error\":\"invalid_grant\"}"), "Permanent"));
  }

  private static Arguments odd(String name, String bytes, String meaning) {
    return arguments(name, bytes, meaning);
  }

  private static String sized(String length) {
    return OK + "Content-Length: " + length + "\r\n\r\n" + JSON;
  }

  private static String typed(String type, String body) {
    return OK + "Content-Type: " + type + "\r\n\r\n" + body;
  }

  private static String coded(String coding, String body) {
    return OK + "Content-Encoding: " + coding + "\r\n\r\n" + body;
  }

  private static String chunks(int size) {
    return chunks(JSON, size);
  }

  private static String chunks(String body, int size) {
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

  private static String cutGzip() {
    StringBuilder filled = new StringBuilder(JSON.replace("}", ",\"filler\":\""));
    for (int i = 0; i < 5000; i++) {
      filled.append(i * 7919);
    }
    String whole = AnswerCase.gzip(filled + "\"}");
    return whole.substring(0, whole.length() / 2);
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
