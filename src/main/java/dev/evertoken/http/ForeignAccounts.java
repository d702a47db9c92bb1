package dev.evertoken.http;

import dev.evertoken.wire.Pointers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the credential files that other programs keep, and turns each into an account as our own
 * import has it: Codex ({@code auth.json}), Claude Code ({@code .credentials.json}), Gemini CLI
 * ({@code oauth_creds.json}) and the account files of CLIProxyAPI.
 *
 * <p>They name no platform; each goes to the template that bears the usual name.
 */
final class ForeignAccounts {

  /** How CLIProxyAPI names platforms; other types are taken as the name itself. */
  private static final Map<String, String> PLATFORMS =
      Map.of("codex", "openai", "claude", "anthropic", "gemini-cli", "gemini");

  private static final Set<String> KINDS_OF_OURS =
      Set.of("oauth", "upstream", "apikey", "api_key", "setup-token");

  private ForeignAccounts() {}

  /**
   * The account that such a file holds.
   *
   * @param ignored takes pointers to what has no meaning here
   * @return null: it is no such file
   */
  static @Nullable JsonObject of(JsonObject file, List<String> ignored) {
    if (file.containsKey("platform") || file.containsKey("credentials")) {
      return null;
    }
    if (file.getValue("claudeAiOauth") instanceof JsonObject claude) {
      return new Reading(file, "claudeAiOauth", claude, ignored).claudeCode();
    }
    if (file.getValue("tokens") instanceof JsonObject tokens) {
      return new Reading(file, "tokens", tokens, ignored).codex();
    }
    if (file.getValue("OPENAI_API_KEY") instanceof String key && !key.isBlank()) {
      return new Reading(file, null, file, ignored).codexKey(key);
    }
    if (file.getValue("type") instanceof String type && !KINDS_OF_OURS.contains(type)) {
      return file.getValue("token") instanceof JsonObject token
          ? new Reading(file, "token", token, ignored).cliProxy(type)
          : hasTokens(file) ? new Reading(file, null, file, ignored).cliProxy(type) : null;
    }
    return hasTokens(file) && file.containsKey("expiry_date")
        ? new Reading(file, null, file, ignored).geminiCli()
        : null;
  }

  private static boolean hasTokens(JsonObject file) {
    return file.containsKey("refresh_token") || file.containsKey("access_token");
  }

  /** One file, and which of its fields were of use. */
  private static final class Reading {

    private final JsonObject file;
    private final @Nullable String innerName;
    private final JsonObject inner;
    private final List<String> ignored;
    private final Set<String> used = new TreeSet<>();
    private final JsonObject account = new JsonObject();
    private final JsonObject credentials = new JsonObject();

    private Reading(
        JsonObject file, @Nullable String innerName, JsonObject inner, List<String> ignored) {
      this.file = file;
      this.innerName = innerName;
      this.inner = inner;
      this.ignored = ignored;
    }

    private JsonObject claudeCode() {
      give("access_token", inner("accessToken"));
      give("refresh_token", inner("refreshToken"));
      give("expires_at", seconds(inner("expiresAt")));
      return account("anthropic", null, "claude-code");
    }

    private JsonObject codex() {
      tokens();
      JsonObject claims = claims(inner("id_token"));
      give("email", claims.getValue("email"));
      return account("openai", inner("account_id"), "codex");
    }

    private JsonObject codexKey(String key) {
      file("OPENAI_API_KEY");
      give("api_key", key);
      account.put("type", "upstream");
      return account("openai", null, "codex");
    }

    private JsonObject geminiCli() {
      tokens();
      give("expires_at", seconds(inner("expiry_date")));
      give("email", claims(inner("id_token")).getValue("email"));
      return account("gemini", null, "gemini-cli");
    }

    private JsonObject cliProxy(String type) {
      file("type");
      tokens();
      give("expires_at", inner("expiry"));
      give("expires_at", file("expired"));
      Object email = file("email");
      give("email", email == null ? claims(inner("id_token")).getValue("email") : email);
      give("project_id", file("project_id"));
      if (file("proxy_url") instanceof String url && !url.isBlank()) {
        account.put("proxy", new JsonObject().put("url", url));
      }
      if (Boolean.TRUE.equals(file("disabled"))) {
        account.put("status", "disabled");
      }
      String name = type.toLowerCase(Locale.ROOT);
      return account(PLATFORMS.getOrDefault(name, name), file("account_id"), name);
    }

    /** Those of RFC 6749; a JWT tells its end itself. */
    private void tokens() {
      give("access_token", inner("access_token"));
      give("refresh_token", inner("refresh_token"));
      give("expires_at", claims(inner("access_token")).getValue("exp"));
    }

    private JsonObject account(String platform, @Nullable Object name, String otherwise) {
      Object email = credentials.getValue("email");
      Object best = email == null ? name : email;
      file.forEach(field -> unused("", field.getKey()));
      if (innerName != null) {
        inner.forEach(field -> unused("/" + innerName, field.getKey()));
      }
      return account
          .put("name", best instanceof String text && !text.isBlank() ? text : otherwise)
          .put("platform", platform)
          .put("credentials", credentials);
    }

    private void unused(String at, String name) {
      String pointer = Pointers.child(at, name);
      if (!used.contains(pointer) && !name.equals(innerName)) {
        ignored.add(pointer);
      }
    }

    private void give(String name, @Nullable Object value) {
      if (value != null) {
        credentials.put(name, value);
      }
    }

    private @Nullable Object file(String name) {
      used.add(Pointers.child("", name));
      return file.getValue(name);
    }

    private @Nullable Object inner(String name) {
      used.add(Pointers.child(innerName == null ? "" : "/" + innerName, name));
      return inner.getValue(name);
    }
  }

  private static @Nullable Object seconds(@Nullable Object millis) {
    return millis instanceof Number number ? Long.valueOf(number.longValue() / 1000) : millis;
  }

  /** What a JWT says, unverified: it only names an account, or ends a token early. */
  private static JsonObject claims(@Nullable Object token) {
    String[] parts = token instanceof String text ? text.split("\\.", -1) : new String[0];
    if (parts.length != 3) {
      return new JsonObject();
    }
    try {
      byte[] json = Base64.getUrlDecoder().decode(parts[1].getBytes(StandardCharsets.US_ASCII));
      return Buffer.buffer(json).toJsonObject();
    } catch (IllegalArgumentException | DecodeException | ClassCastException e) {
      return new JsonObject();
    }
  }
}
