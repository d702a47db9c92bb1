package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.ClientAuth;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.Secret;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The forms that a platform's OAuth endpoints are sent, with our client's authentication. */
final class TokenForm {

  private final Platform platform;
  private final @Nullable Secret clientSecret;

  TokenForm(Platform platform, int secret) {
    this.platform = platform;
    List<Secret> secrets = platform.clientSecrets();
    boolean none = platform.clientAuth() == ClientAuth.NONE || secrets.isEmpty();
    this.clientSecret = none ? null : secrets.get(secret);
  }

  /** RFC 6749, section 6; without a scope it asks for the same as before. */
  Post refresh(Secret refreshToken) {
    Map<String, String> fields = new LinkedHashMap<>(platform.extraTokenParams());
    if (platform.requestForm().sendScope()) {
      fields.put("scope", String.join(" ", platform.scopes()));
    }
    fields.put("grant_type", "refresh_token");
    fields.put("refresh_token", refreshToken.reveal());
    return post(platform.refreshUrl(), fields);
  }

  /** RFC 7009, section 2.1. */
  Post revoke(URI url, Secret refreshToken) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("token", refreshToken.reveal());
    fields.put("token_type_hint", "refresh_token");
    return post(url, fields);
  }

  private Post post(URI url, Map<String, String> fields) {
    if (clientSecret != null && platform.clientAuth() == ClientAuth.BASIC) {
      return post(url, basic(clientSecret), fields);
    }
    fields.put("client_id", platform.clientId());
    if (clientSecret != null) {
      fields.put("client_secret", clientSecret.reveal());
    }
    return post(url, null, fields);
  }

  private Post post(URI url, @Nullable Secret authorization, Map<String, String> fields) {
    Post post =
        switch (platform.requestForm().bodyFormat()) {
          case FORM -> Post.form(url, authorization, encode(fields));
          case JSON ->
              Post.json(url, authorization, new JsonObject(new LinkedHashMap<>(fields)).encode());
        };
    return post.with(platform.requestForm().headers());
  }

  private Secret basic(Secret secret) {
    String pair =
        switch (platform.requestForm().basicEncoding()) {
          // Id and secret are form-encoded before they are joined (RFC 6749, section 2.3.1).
          case RFC6749 -> encode(platform.clientId()) + ":" + encode(secret.reveal());
          case RAW -> platform.clientId() + ":" + secret.reveal();
        };
    byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
    return Secret.of("Basic " + Base64.getEncoder().encodeToString(bytes));
  }

  private static Secret encode(Map<String, String> fields) {
    return Secret.of(
        fields.entrySet().stream()
            .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&")));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
