package dev.evertoken.boot.operator;

import dev.evertoken.boot.settings.Settings;
import java.io.InputStream;
import java.util.Map;

/** What a command finds around it; implemented by the root of the command line. */
public interface Surroundings {

  /** The variables of the process. */
  Map<String, String> environment();

  /** Where secrets come from, where there is no terminal. */
  InputStream in();

  /** The settings of the service on this machine; fails with {@code BadSettings}. */
  Settings local();
}
