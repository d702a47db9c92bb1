package dev.evertoken.adapter.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.evertoken.domain.AddressRange;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
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
        "::ffff:0:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a9fe:a9fe",
        "64:ff9b:1:a9fe:a9:fe00::",
        "64:ff9b:1:a9:fe:a9fe::",
        "64:ff9b:1:0:a9:fea9:fe00:0",
        "2002:a9fe:a9fe::1",
        "2001:0:c000:201:0:0:5601:5601"
      })
  void deniesAnAddressInEveryForm(String address) {
    assertThat(deny.denies(InetAddress.ofLiteral(address))).isTrue();
  }

  /** Else a range around 0.0.0.0 would deny whatever leaves one of the possible places empty. */
  @Test
  void anEmptyPlaceIsNoAddress() {
    EgressDeny zeros = new EgressDeny(List.of(AddressRange.parse("0.0.0.0/8").orElseThrow()));

    assertThat(zeros.denies(InetAddress.ofLiteral("64:ff9b:1::c633:6401"))).isFalse();
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
        "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1",
        "::ffff:0:127.0.0.1",
        "2002:7f00:1::a9fe:a9fe",
        "2001:db8::a9fe:a9fe"
      })
  void leavesTheRestAlone(String address) {
    assertThat(deny.denies(InetAddress.ofLiteral(address))).isFalse();
  }
}
