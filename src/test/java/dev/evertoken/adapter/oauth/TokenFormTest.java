package dev.evertoken.adapter.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.ClientAuth;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.RequestForm;
import dev.evertoken.domain.Secret;
import dev.evertoken.rig.PlatformDraft;
import io.netty.handler.codec.http.FullHttpRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TokenFormTest {

  private static final Secret TOKEN = Secret.of("1//r t+ü&=");
  private static final String ENCODED = "1%2F%2Fr+t%2B%C3%BC%26%3D";

  @Test
  void clientsInTheBodySendIdAndSecretThere() {
    FullHttpRequest request = refresh(draft(ClientAuth.POST).platform(), 0);

    assertThat(body(request))
        .isEqualTo(
            "grant_type=refresh_token&refresh_token="
                + ENCODED
                + "&client_id=client-id&client_secret=s%3A1");
    assertThat(request.headers().get("authorization")).isNull();
  }

  @Test
  void theChosenSecretIsSent() {
    assertThat(body(refresh(draft(ClientAuth.POST).platform(), 1))).endsWith("client_secret=s2");
  }

  @Test
  void basicClientsSendNothingInTheBody() {
    FullHttpRequest request = refresh(draft(ClientAuth.BASIC).platform(), 0);

    assertThat(body(request)).isEqualTo("grant_type=refresh_token&refresh_token=" + ENCODED);
    assertThat(request.headers().get("authorization"))
        .isEqualTo(
            "Basic "
                + Base64.getEncoder()
                    .encodeToString("client-id:s%3A1".getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void publicClientsSendTheirIdOnly() {
    Platform none = new PlatformDraft().client(ClientAuth.NONE).platform();
    Platform withoutSecret = new PlatformDraft().client(ClientAuth.BASIC).platform();

    assertThat(body(refresh(none, 0))).endsWith("&client_id=client-id");
    assertThat(body(refresh(withoutSecret, 0))).endsWith("&client_id=client-id");
  }

  @Test
  void extraParametersComeAlongAndReplaceNothing() {
    Platform platform =
        draft(ClientAuth.NONE)
            .extraTokenParams(Map.of("audience", "a b", "grant_type", "password"))
            .platform();

    assertThat(body(refresh(platform, 0)))
        .contains("audience=a+b", "grant_type=refresh_token")
        .doesNotContain("password", "scope");
  }

  @Test
  void aProviderThatWantsJsonAndHeadersOfItsOwnGetsThem() {
    RequestForm form =
        new RequestForm(
            RequestForm.BodyFormat.JSON,
            Map.of("user-agent", Secret.of("cli/1"), "X-Key", Secret.of("k")),
            URI.create("https://oauth.example/refresh"),
            true,
            RequestForm.BasicEncoding.RFC6749);

    FullHttpRequest request = refresh(draft(ClientAuth.POST).request(form).platform(), 0);

    assertThat(request.uri()).isEqualTo("/refresh");
    assertThat(request.headers().getAll("user-agent")).containsExactly("cli/1");
    assertThat(request.headers().get("x-key")).isEqualTo("k");
    assertThat(request.headers().get("content-type")).isEqualTo("application/json");
    assertThat(body(request))
        .isEqualTo(
            "{\"scope\":\"openid\",\"grant_type\":\"refresh_token\","
                + "\"refresh_token\":\"1//r t+ü&=\","
                + "\"client_id\":\"client-id\",\"client_secret\":\"s:1\"}");
  }

  @Test
  void basicCredentialsStayRawWhereTheTemplateSaysSo() {
    RequestForm raw =
        new RequestForm(
            RequestForm.BodyFormat.FORM, Map.of(), null, false, RequestForm.BasicEncoding.RAW);

    FullHttpRequest request = refresh(draft(ClientAuth.BASIC).request(raw).platform(), 0);

    assertThat(request.headers().get("authorization"))
        .isEqualTo(
            "Basic "
                + Base64.getEncoder()
                    .encodeToString("client-id:s:1".getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void aRequestIsJsonSeekingClosesItsConnectionAndCarriesNoTrace() {
    URI url = URI.create("https://oauth.example:8443/token?tenant=a");
    FullHttpRequest request = refresh(draft(ClientAuth.POST).tokenUrl(url).platform(), 0);

    assertThat(request.method().name()).isEqualTo("POST");
    assertThat(request.uri()).isEqualTo("/token?tenant=a");
    assertThat(request.headers().names())
        .containsExactlyInAnyOrder(
            "host", "user-agent", "accept", "content-type", "content-length", "connection");
    assertThat(request.headers().get("host")).isEqualTo("oauth.example:8443");
    assertThat(request.headers().get("accept")).isEqualTo("application/json");
    assertThat(request.headers().get("connection")).isEqualTo("close");
    assertThat(request.headers().get("content-type"))
        .isEqualTo("application/x-www-form-urlencoded");
  }

  @Test
  void aRevocationNamesTheKindOfToken() {
    Post post =
        new TokenForm(draft(ClientAuth.NONE).platform(), 0)
            .revoke(URI.create("https://oauth.example/revoke"), TOKEN);

    assertThat(post.body().reveal())
        .isEqualTo("token=" + ENCODED + "&token_type_hint=refresh_token&client_id=client-id");
  }

  @Test
  void printsNoSecret() {
    assertThat(new TokenForm(draft(ClientAuth.BASIC).platform(), 0).refresh(TOKEN).toString())
        .doesNotContain("s%3A1", ENCODED, "Basic");
  }

  private static PlatformDraft draft(ClientAuth auth) {
    return new PlatformDraft().client(auth, Secret.of("s:1"), Secret.of("s2"));
  }

  private static FullHttpRequest refresh(Platform platform, int secret) {
    return new TokenForm(platform, secret).refresh(TOKEN).message();
  }

  private static String body(FullHttpRequest request) {
    return request.content().toString(StandardCharsets.UTF_8);
  }
}
