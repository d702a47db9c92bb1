package dev.evertoken.adapter.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.AddressRange;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EgressDenyTest {

  private final EgressDeny deny =
      new EgressDeny(
          List.of(
              AddressRange.parse("169.254.0.0/16").orElseThrow(),
              AddressRange.parse("100.100.100.200").orElseThrow(),
              AddressRange.parse("fe80::/10").orElseThrow()));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.0.0",
        "100.100.100.200",
        "fe80::1",
        "febf::1",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe"
      })
  void deniesAnAddressInEveryForm(String address) {
    assertThat(deny.denies(InetAddress.ofLiteral(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "::1",
        "169.253.255.255",
        "100.100.100.201",
        "fec0::1",
        "::",
        "64:ff9b::7f00:1"
      })
  void leavesTheRestAlone(String address) {
    assertThat(deny.denies(InetAddress.ofLiteral(address))).isFalse();
  }
}
