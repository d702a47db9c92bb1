package dev.evertoken.wire;

/** Writes the pointers of wrong fields: RFC 6901 into a body, {@code ?name} into a query. */
public final class Pointers {

  /** Names come from the caller; a long one is cut, since no field of ours is long. */
  private static final int LONGEST = 200;

  private Pointers() {}

  public static String child(String parent, String name) {
    return shortened(parent + "/" + name.replace("~", "~0").replace("/", "~1"));
  }

  static String query(String name) {
    return shortened("?" + name);
  }

  static String shortened(String pointer) {
    return pointer.length() <= LONGEST ? pointer : pointer.substring(0, LONGEST) + "…";
  }
}
