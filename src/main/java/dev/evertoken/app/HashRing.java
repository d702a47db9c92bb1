package dev.evertoken.app;

/**
 * Where accounts and sessions stand on a pool's hash ring: the same on every node, in every life of
 * it. Changing a number here moves every session.
 */
final class HashRing {

  private HashRing() {}

  static long point(long account) {
    return mixed(account * 0x9E3779B97F4A7C15L);
  }

  static long point(String session) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < session.length(); i++) {
      hash = (hash ^ session.charAt(i)) * 0x100000001B3L;
    }
    return mixed(hash);
  }

  /** How much the account wants the session: rendezvous hashing among neighbours. */
  static long pull(long sessionPoint, long account) {
    return mixed(sessionPoint ^ point(account));
  }

  private static long mixed(long bits) {
    long mixed = (bits ^ (bits >>> 32)) * 0xD6E8FEB86659FD93L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
    return mixed ^ (mixed >>> 32);
  }
}
