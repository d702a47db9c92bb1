package dev.evertoken.boot;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The name of one life of a node: the host, and what no other life had. */
final class NodeId {

  private static final int LONGEST_HOST = 40;

  private NodeId() {}

  static String fresh() {
    byte[] random = new byte[4];
    new SecureRandom().nextBytes(random);
    return host() + "-" + HexFormat.of().formatHex(random);
  }

  private static String host() {
    try {
      String name = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9-].*", "");
      return name.isEmpty() ? "node" : name.substring(0, Math.min(name.length(), LONGEST_HOST));
    } catch (UnknownHostException e) {
      return "node";
    }
  }
}
