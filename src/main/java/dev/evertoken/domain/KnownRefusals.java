package dev.evertoken.domain;

import dev.evertoken.domain.Refusal.Meaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Refusals of single providers that no common word tells: a status, a place and what is there. The
 * first entry that matches wins, so that exceptions stand before rules.
 */
final class KnownRefusals {

  /** Status (0: any that is read), place, meaning, value; the value goes on to the line's end. */
  private static final List<Entry> ENTRIES =
      entries(
          """
          # Entra ID: the numbers of AADSTS errors.
          0 error_codes.* TRANSIENT 90033
          0 error_codes.* TRANSIENT 90006
          0 error_codes.* THROTTLED 50196
          0 error_codes.* PROVIDER_CONFIG 7000215
          0 error_codes.* PROVIDER_CONFIG 7000222
          0 error_codes.* PROVIDER_CONFIG 700016
          0 error_codes.* PROVIDER_CONFIG 700027
          0 error_codes.* PROVIDER_CONFIG 7000218
          0 error_codes.* PERMANENT 700082
          0 error_codes.* PERMANENT 70008
          0 error_codes.* PERMANENT 700084
          0 error_codes.* PERMANENT 700081
          0 error_codes.* PERMANENT 700083
          0 error_codes.* PERMANENT 70043
          0 error_codes.* PERMANENT 50173
          0 error_codes.* PERMANENT 50133
          0 error_codes.* PERMANENT 50078
          0 error_codes.* PERMANENT 50076
          0 error_codes.* PERMANENT 50079
          0 error_codes.* PERMANENT 50057
          0 error_codes.* PERMANENT 50034
          0 error_codes.* PERMANENT 50020
          0 error_codes.* PERMANENT 65001
          0 error_codes.* PERMANENT 53003
          0 error_codes.* PERMANENT 53000
          0 error_codes.* PERMANENT 53001
          0 error_codes.* PERMANENT 54005
          # Meta: numbers within an error object.
          0 error.code PERMANENT 190
          0 error.code PERMANENT 102
          0 error.error_subcode PERMANENT 458
          0 error.error_subcode PERMANENT 459
          0 error.error_subcode PERMANENT 460
          0 error.error_subcode PERMANENT 463
          0 error.error_subcode PERMANENT 467
          0 error.code PROVIDER_CONFIG 101
          0 error.code THROTTLED 4
          0 error.code THROTTLED 17
          0 error.code THROTTLED 32
          0 error.code THROTTLED 613
          0 error.code TRANSIENT 1
          0 error.code TRANSIENT 2
          # WeChat
          200 errcode PERMANENT 40030
          200 errcode PERMANENT 42002
          200 errcode PERMANENT 42007
          200 errcode PROVIDER_CONFIG 40013
          200 errcode PROVIDER_CONFIG 40125
          200 errcode THROTTLED 45009
          200 errcode THROTTLED 45011
          200 errcode TRANSIENT -1
          # TikTok and Douyin
          200 data.error_code PERMANENT 10010
          200 data.error_code PERMANENT 2190008
          200 code PERMANENT 40105
          200 code THROTTLED 40100
          # Zoho: the refresh token is unknown, or belongs to another data centre.
          200 error PERMANENT invalid_code
          400 error PERMANENT invalid_code
          # Withings
          200 status GENERIC 401
          200 status THROTTLED 601
          200 error PERMANENT Invalid Params: invalid refresh_token
          # Strava
          400 errors.0.field PERMANENT refresh_token
          # Those that have a sentence and no code.
          400 message PERMANENT Invalid refresh token
          401 message PERMANENT Invalid refresh token
          401 reason GENERIC Invalid Token!
          400 error_description PERMANENT Value passed for the token was invalid
          400 error_description PERMANENT This request requires an active refresh_token
          400 error_description PERMANENT The provided authorization grant or refresh token is invalid, expired or revoked
          400 error_description PERMANENT Unknown or invalid refresh token
          403 error_description PERMANENT Unknown or invalid refresh token
          403 error_description PERMANENT refresh_token is invalid
          401 error_description GENERIC access_denied
          """);

  private KnownRefusals() {}

  /** The refusal that an answer is known for, or null. */
  static @Nullable Refusal find(int status, AnswerTree tree) {
    for (Entry entry : ENTRIES) {
      if ((entry.status() == 0 || entry.status() == status)
          && holds(tree, entry.at(), entry.equals())) {
        return new Refusal(entry.equals().toLowerCase(Locale.ROOT), entry.meaning());
      }
    }
    return null;
  }

  /** Whether a place of an answer holds that value; {@code *} is each element of a list. */
  static boolean holds(AnswerTree tree, String at, String value) {
    if (!at.endsWith(".*")) {
      return same(tree.at(at), value);
    }
    return tree.at(at.substring(0, at.length() - 2)) instanceof List<?> list
        && list.stream().anyMatch(element -> same(element, value));
  }

  private static boolean same(@Nullable Object there, String value) {
    if (!(there instanceof String || there instanceof Number || there instanceof Boolean)) {
      return false;
    }
    String said = there.toString().strip();
    return said.equalsIgnoreCase(value) || said.equalsIgnoreCase(value + ".");
  }

  private static List<Entry> entries(String table) {
    List<Entry> entries = new ArrayList<>();
    for (String line : table.strip().lines().toList()) {
      if (!line.startsWith("#")) {
        String[] parts = line.strip().split(" ", 4);
        entries.add(
            new Entry(Integer.parseInt(parts[0]), parts[1], Meaning.valueOf(parts[2]), parts[3]));
      }
    }
    return List.copyOf(entries);
  }

  private record Entry(int status, String at, Meaning meaning, String equals) {}
}
