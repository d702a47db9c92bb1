package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.AddressRange;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Address ranges that are never connected to, whatever name led there.
 *
 * <p>An IPv6 address with an IPv4 one inside (mapped, compatible, NAT64) is looked at as both.
 */
final class EgressDeny {

  private static final byte[] COMPATIBLE = new byte[12];
  private static final byte[] NAT64 = {
    0x00, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private final List<AddressRange> ranges;

  EgressDeny(List<AddressRange> ranges) {
    this.ranges = List.copyOf(ranges);
  }

  boolean denies(InetAddress address) {
    InetAddress embedded = embedded(address);
    return ranges.stream().anyMatch(r -> r.contains(address) || r.contains(embedded));
  }

  /** The IPv4 address inside, else the address itself; the JDK unwraps mapped ones by itself. */
  private static InetAddress embedded(InetAddress address) {
    byte[] bytes = address.getAddress();
    return startsWith(bytes, COMPATIBLE) || startsWith(bytes, NAT64)
        ? of(Arrays.copyOfRange(bytes, COMPATIBLE.length, bytes.length))
        : address;
  }

  private static boolean startsWith(byte[] bytes, byte[] head) {
    return bytes.length == 16 && Arrays.equals(bytes, 0, head.length, head, 0, head.length);
  }

  private static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
