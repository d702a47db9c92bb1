package dev.evertoken.dev;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Authorization codes with PKCE (RFC 7636, S256 only): good once, and a second use ends the first's
 * tokens.
 */
final class AuthorizationCodes {
  private record Code(String client, String redirectUri, String challenge) {}

  private final Ledger ledger;
  private final String prefix;
  private final Map<String, Code> open = new HashMap<>();
  private final Map<String, String> usedBy = new HashMap<>();

  AuthorizationCodes(Ledger ledger, String prefix) {
    this.ledger = ledger;
    this.prefix = prefix;
  }

  synchronized String issue(String client, String redirectUri, String challenge) {
    String code = prefix + "-code-" + RandomTokens.random();
    open.put(code, new Code(client, redirectUri, challenge));
    return code;
  }

  synchronized Grant redeem(String value, String client, Form form) {
    String family = usedBy.get(value);
    if (family != null) {
      ledger.revoke(family);
      return refused("The code was used before");
    }
    Code code = open.get(value);
    if (code == null || !matches(code, client, form)) {
      return refused("The code, its redirect_uri or its code_verifier is wrong");
    }
    open.remove(value);
    NewFamily created = ledger.create(prefix);
    usedBy.put(value, created.id());
    return new Grant.Granted(created.accessToken(), created.refreshToken());
  }

  private static boolean matches(Code code, String client, Form form) {
    return code.client().equals(client)
        && code.redirectUri().equals(form.one("redirect_uri").orElse(""))
        && code.challenge().equals(challenge(form.one("code_verifier").orElse(null)));
  }

  private static String challenge(@Nullable String verifier) {
    if (verifier == null || !verifier.matches("[A-Za-z0-9._~-]{43,128}")) {
      return "";
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private static Grant refused(String description) {
    return new Grant.Refused("invalid_grant", description);
  }
}
