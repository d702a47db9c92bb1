package dev.evertoken.adapter.oauth;

import static dev.evertoken.adapter.oauth.OddAnswers.CHUNKED;
import static dev.evertoken.adapter.oauth.OddAnswers.FORM;
import static dev.evertoken.adapter.oauth.OddAnswers.JSON;
import static dev.evertoken.adapter.oauth.OddAnswers.OK;
import static dev.evertoken.adapter.oauth.OddAnswers.chunks;
import static dev.evertoken.adapter.oauth.OddAnswers.odd;
import static dev.evertoken.adapter.oauth.OddAnswers.typed;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Those of {@link OddAnswers} that are odd in their body. */
final class OddBodies {

  private OddBodies() {}

  static Stream<Arguments> all() {
    return Stream.of(structures(), cuts(), refusals()).flatMap(part -> part);
  }

  private static Stream<Arguments> structures() {
    String tokens = JSON.substring(1, JSON.length() - 1);
    return Stream.of(
        odd("html type", typed("text/html", JSON), "Tokens"),
        odd("json in a string", OK + "\r\n\"" + JSON.replace("\"", "\\\"") + "\"", "Tokens"),
        odd(
            "member that is json in a string",
            OK + "\r\n{\"data\":\"" + JSON.replace("\"", "\\\"") + "\"}",
            "Tokens"),
        odd("anti-hijacking prefix", OK + "\r\n)]}',\n" + JSON, "Tokens"),
        odd("endless loop prefix", OK + "\r\nfor(;;);" + JSON, "Tokens"),
        odd("jsonp", OK + "\r\n/**/callback_1(" + JSON + ");", "Tokens"),
        odd("in a list", OK + "\r\n[" + JSON + "]", "Tokens"),
        odd("in result", OK + "\r\n{\"result\":" + JSON + "}", "Tokens"),
        odd("in response", OK + "\r\n{\"response\":" + JSON + ",\"status\":200}", "Tokens"),
        odd("in authed_user", OK + "\r\n{\"ok\":true,\"authed_user\":" + JSON + "}", "Tokens"),
        odd(
            "in tokens, two levels down",
            OK + "\r\n{\"data\":{\"tokens\":" + JSON + "}}",
            "Tokens"),
        odd(
            "camel case",
            OK
                + "\r\n"
                + JSON.replace("access_token", "accessToken")
                    .replace("refresh_token", "refreshToken")
                    .replace("expires_in", "expiresIn"),
            "Tokens"),
        odd(
            "capitals",
            OK
                + "\r\n"
                + JSON.replace("access_token", "ACCESS_TOKEN")
                    .replace("refresh_token", "Refresh-Token"),
            "Tokens"),
        odd(
            "repeated members",
            OK + "\r\n{\"refresh_token\":\"old\"," + tokens + ",\"refresh_token\":null}",
            "Tokens"),
        odd("single quotes", OK + "\r\n" + JSON.replace('"', '\''), "Tokens"),
        odd("comma before the end", OK + "\r\n{" + tokens + ",}", "Tokens"),
        odd("two documents", OK + "\r\n{\"event\":1}\n" + JSON, "Tokens"),
        odd(
            "deep nesting beside",
            OK + "\r\n{\"x\":" + "[".repeat(9999) + "]".repeat(9999) + "," + tokens + "}",
            "Tokens"),
        odd(
            "a failure beside",
            OK + "\r\n{\"ok\":false,\"error\":\"invalid_grant\"," + tokens + "}",
            "Tokens"),
        odd("a form as json", typed("application/json", FORM), "Tokens"),
        odd("a form in chunks", CHUNKED + chunks(FORM, 9), "Tokens"),
        odd(
            "tokens as objects",
            OK
                + "\r\n{\"access_token\":{\"token\":\"at-new\"},\"expires_in\":9,\"refresh_token\":{\"value\":\"rt-new\"}}",
            "Tokens"),
        odd("dpop", OK + "\r\n{\"token_type\":\"DPoP\"," + tokens + "}", "Successor"),
        odd(
            "a token with a line end",
            OK + "\r\n" + JSON.replace("at-new", "at-\\nnew"),
            "Successor"),
        odd(
            "a token of 65 KiB",
            OK + "\r\n" + JSON.replace("at-new", "x".repeat(65 * 1024)),
            "Successor"),
        odd(
            "a refresh token that is a number",
            OK + "\r\n" + JSON.replace("\"rt-new\"", "17"),
            "Unreadable"),
        odd(
            "a refresh token with a zero",
            OK + "\r\n" + JSON.replace("rt-new", "rt\\u0000"),
            "Unreadable"),
        odd(
            "a token by another name",
            OK + "\r\n{\"error\":\"odd\",\"my_token\":\"rt-new\"}",
            "Unreadable"),
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
        odd(
            "cut before it",
            sized + "{\"access_token\":\"at-new\",\"expires_in\":3600,",
            "Unreadable"),
        odd("cut in an error", sized + "{\"error\":\"invalid_grant\",", "Unreadable"),
        odd("cut gzip", sized + cutGzip(), "Tokens"),
        odd("form cut in its last field", sized + FORM, "Tokens"),
        odd(
            "form cut in its refresh token",
            sized + "access_token=at-new&expires_in=3600&refresh_token=rt-n",
            "Unreadable"),
        odd(
            "a quote inside a token",
            OK + "\r\n" + JSON.replace("rt-new", "rt\"new"),
            "Unreadable"));
  }

  private static Stream<Arguments> refusals() {
    return Stream.of(
        odd("redirect", "HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n", "Transient"),
        odd(
            "409 without a body",
            "HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n",
            "Transient"),
        odd(
            "a styled page",
            "HTTP/1.1 403 No\r\n\r\n<style>body{color:red}</style>error=access_token",
            "Transient"),
        odd(
            "503 and a date",
            "HTTP/1.1 503 No\r\nRetry-After: Mon, 01 Jun 2026 12:10:00 GMT\r\n\r\n",
            "Transient"),
        odd("504", "HTTP/1.1 504 Late\r\n\r\n", "Unknown"),
        odd("429 as text", "HTTP/1.1 429 Slow\r\nRetry-After: 3\r\n\r\nslow", "Throttled"),
        odd("a gateway's json", "HTTP/1.1 403 No\r\n\r\n{\"message\":\"Forbidden\"}", "Refused"),
        odd(
            "github as a form",
            OK + "\r\nerror=bad_refresh_token&error_description=x",
            "Permanent"),
        odd(
            "twitch",
            "HTTP/1.1 400 No\r\n\r\n{\"status\":400,\"message\":\"Invalid refresh token\"}",
            "Permanent"),
        odd(
            "meta",
            "HTTP/1.1 400 No\r\n\r\n{\"error\":{\"message\":\"x\",\"type\":\"OAuthException\",\"code\":190}}",
            "Permanent"),
        odd(
            "entra",
            "HTTP/1.1 400 No\r\n\r\n{\"error\":\"invalid_grant\",\"error_codes\":[700082]}",
            "Permanent"),
        odd(
            "entra, overloaded",
            "HTTP/1.1 400 No\r\n\r\n{\"error\":\"invalid_grant\",\"error_codes\":[90033]}",
            "Transient"),
        odd("wechat", OK + "\r\n{\"errcode\":42002,\"errmsg\":\"x\"}", "Permanent"),
        odd(
            "withings, throttled",
            OK + "\r\n{\"status\":601,\"body\":{},\"error\":\"x\"}",
            "Throttled"),
        odd(
            "strava",
            "HTTP/1.1 400 No\r\n\r\n{\"errors\":[{\"resource\":\"RefreshToken\",\"field\":\"refresh_token\",\"code\":\"invalid\"}]}",
            "Permanent"),
        odd(
            "openai, another end",
            "HTTP/1.1 401 No\r\n\r\n{\"error\":{\"code\":\"app_session_expired\"}}",
            "Permanent"),
        odd(
            "a word in capitals",
            "HTTP/1.1 400 No\r\n\r\n{\"code\":\"INVALID-REFRESH-TOKEN\"}",
            "Permanent"),
        odd(
            "gzip refusal",
            "HTTP/1.1 400 No\r\nContent-Encoding: gzip\r\n\r\n"
                + AnswerCase.gzip("{\"error\":\"invalid_grant\"}"),
            "Permanent"));
  }

  private static String cutGzip() {
    StringBuilder filled = new StringBuilder(JSON.replace("}", ",\"filler\":\""));
    for (int i = 0; i < 5000; i++) {
      filled.append(i * 7919);
    }
    String whole = AnswerCase.gzip(filled + "\"}");
    return whole.substring(0, whole.length() / 2);
  }
}
