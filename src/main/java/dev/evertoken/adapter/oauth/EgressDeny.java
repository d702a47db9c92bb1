package dev.evertoken.adapter.oauth;

import dev.evertoken.domain.AddressRange;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Address ranges that are never connected to, whatever name led there.
 *
 * <p>An IPv6 address with an IPv4 one inside is checked as both, since a gateway or tunnel on the
 * way would deliver to the IPv4 one.
 */
final class EgressDeny {

  private static final int IPV6 = 16;

  /**
   * Where an IPv4 address lies inside an IPv6 one. The JDK unwraps mapped addresses ({@code
   * ::ffff:a.b.c.d}) by itself.
   */
  private static final List<Embedding> EMBEDDINGS =
      List.of(
          // IPv4-compatible, ::a.b.c.d
          new Embedding("000000000000000000000000", 0, 12, 13, 14, 15),
          // IPv4-translated, ::ffff:0:a.b.c.d (RFC 2765)
          new Embedding("0000000000000000ffff0000", 0, 12, 13, 14, 15),
          // NAT64, 64:ff9b::/96
          new Embedding("0064ff9b0000000000000000", 0, 12, 13, 14, 15),
          // NAT64 of a local prefix inside 64:ff9b:1::/48 (RFC 8215), of any length of RFC 6052
          new Embedding("0064ff9b0001", 0, 6, 7, 9, 10),
          new Embedding("0064ff9b0001", 0, 7, 9, 10, 11),
          new Embedding("0064ff9b0001", 0, 9, 10, 11, 12),
          new Embedding("0064ff9b0001", 0, 12, 13, 14, 15),
          // 6to4, 2002::/16
          new Embedding("2002", 0, 2, 3, 4, 5),
          // Teredo, 2001::/32: the client's address, each bit flipped
          new Embedding("20010000", 0xff, 12, 13, 14, 15));

  private final List<AddressRange> ranges;

  EgressDeny(List<AddressRange> ranges) {
    this.ranges = List.copyOf(ranges);
  }

  boolean denies(InetAddress address) {
    return Stream.concat(Stream.of(address), embedded(address.getAddress()))
        .anyMatch(form -> ranges.stream().anyMatch(range -> range.contains(form)));
  }

  private static Stream<InetAddress> embedded(byte[] bytes) {
    return bytes.length != IPV6
        ? Stream.empty()
        : EMBEDDINGS.stream()
            .filter(one -> one.fits(bytes))
            .map(one -> one.extract(bytes))
            // A place that is not used begins with zeros, and 0.0.0.0/8 is no destination.
            .filter(inner -> inner.getAddress()[0] != 0);
  }

  /** Four places behind a prefix, and what flips their bits. */
  private record Embedding(String prefix, int mask, int a, int b, int c, int d) {

    boolean fits(byte[] bytes) {
      return HexFormat.of().formatHex(bytes).startsWith(prefix);
    }

    InetAddress extract(byte[] bytes) {
      try {
        return InetAddress.getByAddress(
            new byte[] {
              (byte) (bytes[a] ^ mask),
              (byte) (bytes[b] ^ mask),
              (byte) (bytes[c] ^ mask),
              (byte) (bytes[d] ^ mask)
            });
      } catch (UnknownHostException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }
}
