package dev.evertoken.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRangeTest {

  @ParameterizedTest
  @CsvSource({
    "169.254.0.0/16, 169.254.169.254, true",
    "169.254.0.0/16, 169.255.0.0, false",
    "169.254.0.0/16, ::ffff:169.254.169.254, true",
    "fe80::/10, febf::1, true",
    "fe80::/10, fec0::1, false",
    "100.100.100.200, 100.100.100.200, true",
    "100.100.100.200, 100.100.100.201, false",
    "10.0.0.0/9, 10.127.255.255, true",
    "10.0.0.0/9, 10.128.0.0, false",
    "0.0.0.0/0, 8.8.8.8, true",
    "0.0.0.0/0, ::1, false"
  })
  void containsTheAddressesOfItsPrefix(String range, String address, boolean inside) {
    assertThat(AddressRange.parse(range).orElseThrow().contains(InetAddress.ofLiteral(address)))
        .isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost", "10.0.0.1/8", "10.0.0.0/33", "::/129", "10.0.0.0/", "a/8", "/8"})
  void isNotReadFromAnythingElse(String text) {
    assertThat(AddressRange.parse(text)).isEmpty();
  }

  @Test
  void printsAsItIsWritten() {
    assertThat(AddressRange.parse("169.254.0.0/16").orElseThrow()).hasToString("169.254.0.0/16");
  }
}
