package dev.evertoken.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which paths are plainly the token call. */
final class TokenPathTest {

  @ParameterizedTest
  @CsvSource({
    "/v1/accounts/7/token, 7",
    "/v1/accounts/7/token?min_ttl=60, 7",
    "/v1/accounts/7/token?, 7",
    "/v1/accounts/999999999999999999/token, 999999999999999999",
    "/v1/accounts/9999999999999999999/token, 0",
    "/v1/accounts/18446744073709551623/token, 0",
    "/v1/accounts/0/token, 0",
    "/v1/accounts/07/token, 0",
    "/v1/accounts//token, 0",
    "/v1/accounts/7x/token, 0",
    "/v1/accounts/-7/token, 0",
    "/v1/accounts/7/tokens, 0",
    "/v1/accounts/7/token/, 0",
    "/v1/accounts/7, 0",
    "/v1/accounts/, 0",
    "/v1/pools/7/token, 0"
  })
  void onlyAPlainIdIsTaken(String uri, long account) {
    assertThat(TokenPath.account(uri)).isEqualTo(account);
  }
}
