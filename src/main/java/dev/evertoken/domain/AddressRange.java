package dev.evertoken.domain;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A range of IP addresses in CIDR form, such as {@code 169.254.0.0/16} (RFC 4632, RFC 4291 section
 * 2.3).
 *
 * @param network its first address; the bits after the prefix are zero
 */
public record AddressRange(InetAddress network, int prefixLength) {

  private static final Pattern FORM = Pattern.compile("([0-9a-fA-F:.]{2,45})(?:/(\\d{1,3}))?");

  public AddressRange {
    byte[] bytes = network.getAddress();
    if (prefixLength < 0
        || prefixLength > bytes.length * 8
        || !Arrays.equals(bytes, masked(bytes, prefixLength))) {
      throw new IllegalArgumentException("a network address and the length of its prefix");
    }
  }

  /** Reads a range, or one address; empty when it is neither. Never asks DNS. */
  public static Optional<AddressRange> parse(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      InetAddress network = InetAddress.ofLiteral(matcher.group(1));
      String length = matcher.group(2);
      int bits = length == null ? network.getAddress().length * 8 : Integer.parseInt(length);
      return Optional.of(new AddressRange(network, bits));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether the address lies in it; IPv4 addresses mapped into IPv6 count as IPv4. */
  public boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == network.getAddress().length
        && Arrays.equals(masked(bytes, prefixLength), network.getAddress());
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefixLength;
  }

  private static byte[] masked(byte[] address, int bits) {
    byte[] result = new byte[address.length];
    for (int i = 0; i < address.length; i++) {
      int kept = Math.clamp(bits - i * 8L, 0, 8);
      result[i] = (byte) (address[i] & (0xFF << (8 - kept)));
    }
    return result;
  }
}
