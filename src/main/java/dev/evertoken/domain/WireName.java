package dev.evertoken.domain;

import java.util.Locale;
import java.util.Optional;

/** The form in which an enum constant crosses the edge: its name in lower case. */
public final class WireName {

  private WireName() {}

  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** The constant of that wire name, exactly as written (no other case); empty if there is none. */
  public static <E extends Enum<E>> Optional<E> parse(Class<E> type, String name) {
    for (E constant : type.getEnumConstants()) {
      if (of(constant).equals(name)) {
        return Optional.of(constant);
      }
    }
    return Optional.empty();
  }
}
