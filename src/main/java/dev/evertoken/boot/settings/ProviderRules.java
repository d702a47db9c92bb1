package dev.evertoken.boot.settings;

import dev.evertoken.domain.ClientAuth;
import dev.evertoken.domain.Platform;
import dev.evertoken.domain.ProjectPolicy;
import dev.evertoken.domain.RefreshPolicy;
import java.util.regex.Pattern;

/** What must hold between the keys of one platform's template. */
final class ProviderRules {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

  private ProviderRules() {}

  static void check(Platform platform, String path, boolean unset, Problems problems) {
    if (!NAME.matcher(platform.name()).matches()) {
      problems.value(
          path, platform.name(), "a name of small letters, digits, _ and -, 63 at the most");
    }
    margins(platform.refresh(), path + ".refresh.", problems);
    boolean secretless = platform.clientSecrets().isEmpty() && !unset;
    if (platform.clientAuth() == ClientAuth.BASIC && secretless) {
      problems.rule(path + ".client_auth", "basic needs client_secret");
    }
    if (platform.clientAuth() == ClientAuth.NONE && !platform.clientSecrets().isEmpty()) {
      problems.rule(path + ".client_auth", "none does not go with client_secret");
    }
    if (platform.requestForm().sendScope() && platform.scopes().isEmpty()) {
      problems.rule(path + ".refresh_scope", "send needs scopes");
    }
    ProjectPolicy project = platform.project();
    if (project != null && project.loadUrls().isEmpty() && !unset) {
      problems.missing(path + ".project.load_urls", "a list of https URLs");
    }
  }

  private static void margins(RefreshPolicy refresh, String path, Problems problems) {
    if (refresh.skew().compareTo(refresh.window()) >= 0) {
      problems.rule(path + "skew", "must be shorter than window");
    }
    if (refresh.connectTimeout().compareTo(refresh.totalTimeout()) > 0) {
      problems.rule(path + "connect_timeout", "must not be longer than total_timeout");
    }
    if (refresh.tlsTimeout().compareTo(refresh.totalTimeout()) > 0) {
      problems.rule(path + "tls_timeout", "must not be longer than total_timeout");
    }
  }
}
