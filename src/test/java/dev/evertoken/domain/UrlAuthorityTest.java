package dev.evertoken.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UrlAuthorityTest {

  @ParameterizedTest
  @CsvSource({
    "https://example.org/token,             , example.org,   -1",
    "https://user:pw@example.org:8443/,     user:pw, example.org,   8443",
    "http://my_proxy:3128,                  , my_proxy,      3128",
    "http://u%40x:p_w@my_proxy.local:3128,  u%40x:p_w, my_proxy.local, 3128",
    "http://_dmarc.my_zone/,                , _dmarc.my_zone, -1",
    "http://my_proxy:,                      , my_proxy,      -1",
    "http://[2001:db8::1]:3128,             , 2001:db8::1,   3128",
    "http://192.0.2.10:3128,                , 192.0.2.10,    3128",
    "http://v2.example:3128,                , v2.example,    3128"
  })
  void readsWhatAUrlNames(URI url, String userInfo, String host, int port) {
    UrlAuthority authority = UrlAuthority.of(url).orElseThrow();

    assertThat(authority).isEqualTo(new UrlAuthority(userInfo, host, port));
  }

  /** Resolvers take some of these for addresses, past any look at them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http:/token",
        "mailto:someone",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://my_host.0x7f/",
        "http://my_host.1/",
        "http://127.1/",
        "http://0177.0.0.1/",
        "http://a_b:99999999/",
        "http://a_b:x/",
        "http://-a_b/",
        "http://@/"
      })
  void refusesWhatNamesNoHost(String url) {
    assertThat(UrlAuthority.of(URI.create(url))).isEmpty();
  }

  @Test
  void isWrittenWithBracketsAndWithoutTheLogin() {
    assertThat(UrlAuthority.of(URI.create("http://u:canary@[::1]:80")).orElseThrow())
        .hasToString("[::1]:80");
    assertThat(UrlAuthority.of(URI.create("http://u:canary@a_b")).orElseThrow()).hasToString("a_b");
  }
}
