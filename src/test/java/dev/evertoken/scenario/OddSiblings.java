package dev.evertoken.scenario;

import dev.evertoken.rig.AnswerFile;
import java.util.List;

/** Answers of the same kinds as the files of {@code answers}, each odd in a way of its own. */
final class OddSiblings {
  private static final String OK = "HTTP/1.1 200 OK\n";
  private static final String JSON = OK + "Content-Type: application/json\n\n";
  private static final String TOKENS =
      "{\"access_token\":\"{AT}\",\"token_type\":\"Bearer\",\"expires_in\":3600,"
          + "\"refresh_token\":\"{RT}\"}";

  private OddSiblings() {}

  private static AnswerFile served(String name, String text) {
    return AnswerFile.of(name, "# right: served\n" + text);
  }

  private static AnswerFile safe(String name, String text) {
    return AnswerFile.of(name, "# right: safe\n" + text);
  }

  private static AnswerFile life(String name, int seconds, String body) {
    return served(name, "# life: " + seconds + "\n" + JSON + body + "\n");
  }

  /** Answers that spend the refresh token. */
  static List<AnswerFile> lost() {
    return List.of(
        served("text-html", OK + "Content-Type: text/html\n\n" + TOKENS + "\n"),
        served("no-type", OK + "X: y\n\n" + TOKENS + "\n"),
        served("created", "HTTP/1.1 201 Created\n" + "Content-Type: application/json\n\n" + TOKENS),
        served("http-1-0", "HTTP/1.0 200\nContent-Type: application/json\n\n" + TOKENS),
        served("lengths", OK + "Content-Length: {LEN}\ncontent-length: {LEN}\n\n" + TOKENS),
        served("folded", OK + "X: a\n b\nContent-Type: application/json\n\n" + TOKENS),
        served("hints", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + JSON + TOKENS),
        served(
            "camel",
            JSON + "{\"accessToken\":\"{AT}\",\"refreshToken\":\"{RT}\",\"expiresIn\":900}"),
        served("result", JSON + "{\"success\":true,\"result\":" + TOKENS + "}"),
        served("as-text", JSON + '"' + TOKENS.replace("\"", "\\\"") + '"'),
        served("mac-type", JSON + TOKENS.replace("Bearer", "mac")),
        served("no-token-type", JSON + TOKENS.replace("\"token_type\":\"Bearer\",", "")),
        served(
            "form-as-html", OK + "Content-Type: text/html\n\naccess_token={AT}&refresh_token={RT}"),
        safe("refresh-token-alone", JSON + "{\"refresh_token\":\"{RT}\"}"),
        safe("access-token-empty", JSON + TOKENS.replace("{AT}", "")),
        safe("page", OK + "Content-Type: text/html\n\n<html>{RT}</html>"),
        safe("cut-in-the-refresh-token", "# send: short 9\n" + JSON + TOKENS),
        safe("short-by-1", "# send: short 1\n" + JSON + TOKENS),
        safe("nothing", OK + "Content-Length: 0\nX: {RT}\n\n"),
        safe("array", JSON + "[" + TOKENS + "]"));
  }

  /** Answers whose access token lives as long as they say, each in its way. */
  static List<AnswerFile> expiry() {
    return List.of(
        life(
            "expires-text",
            600,
            "{\"access_token\":\"{AT}\",\"refresh_token\":\"{RT}\",\"expires\":\"{NOW+600}\"}"),
        life(
            "epoch-in-expires_in",
            600,
            "{\"access_token\":\"{AT}\",\"refresh_token\":\"{RT}\",\"expires_in\":{NOW+600}}"),
        life(
            "expires_at-milliseconds",
            600,
            "{\"access_token\":\"{AT}\",\"refresh_token\":\"{RT}\",\"expires_at\":{NOW+600}000}"),
        life(
            "text-with-fraction",
            600,
            "{\"access_token\":\"{AT}\",\"refresh_token\":\"{RT}\",\"expires_in\":\"600.7\"}"));
  }

  /** Refusals that end the grant, other than those of the files. */
  static List<AnswerFile> refused() {
    return List.of(
        AnswerFile.json(400, "{\"error\":\"invalid_grant\"}"),
        AnswerFile.json(401, "{\"error\":\"invalid_grant\"}"),
        AnswerFile.json(403, "{\"error\":{\"code\":\"invalid_grant\"}}"),
        AnswerFile.json(200, "{\"error\":\"invalid_grant\"}"),
        AnswerFile.json(200, "{\"ok\":false,\"error\":\"token_revoked\"}"),
        AnswerFile.json(400, "{\"error\":\"refresh_token_reused\"}"),
        AnswerFile.json(400, "{\"error\":{\"code\":\"refresh_token_expired\"}}"),
        AnswerFile.json(400, "{\"error\":\"bad_refresh_token\"}"));
  }
}
