package dev.evertoken.boot.settings;

import java.util.regex.Pattern;

/** Whether a host is this machine, told by its name alone, without asking DNS. */
final class Loopback {

  private static final Pattern IPV4 = Pattern.compile("127(\\.\\d{1,3}){3}");

  private Loopback() {}

  static boolean is(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("::1")
        || host.equals("[::1]")
        || IPV4.matcher(host).matches();
  }
}
