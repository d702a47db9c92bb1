package dev.evertoken.domain;

import dev.evertoken.domain.Refusal.Meaning;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the codes of token endpoints mean wherever an answer names a code, in snake case.
 *
 * <p>RFC 6749, section 5.2, and the words of providers that have their own. A word that could just
 * as well speak of something else than the refresh token is {@link Meaning#GENERIC}: alone it
 * proves nothing. Words such as {@code unauthorized} or {@code forbidden} are in no list, because
 * firewalls use them too.
 */
final class RefusalWords {

  private static final Map<String, Meaning> WORDS = words();

  private RefusalWords() {}

  static Meaning meaning(String word) {
    return WORDS.getOrDefault(word, Meaning.OTHER);
  }

  private static Map<String, Meaning> words() {
    Map<String, Meaning> words = new HashMap<>();
    put(words, Meaning.PERMANENT, PERMANENT);
    combine(words, List.of("refresh_token"), TOKEN_ENDS);
    combine(words, List.of("session", "app_session", "user_session", "grant"), SESSION_ENDS);
    combine(words, List.of("account", "user"), ACCOUNT_ENDS);
    put(words, Meaning.GENERIC, GENERIC);
    put(words, Meaning.PROVIDER_CONFIG, PROVIDER_CONFIG);
    put(words, Meaning.THROTTLED, THROTTLED);
    put(words, Meaning.TRANSIENT, TRANSIENT);
    return Map.copyOf(words);
  }

  private static void put(Map<String, Meaning> words, Meaning meaning, String listed) {
    for (String word : listed.strip().split("\\s+", -1)) {
      words.put(word, meaning);
    }
  }

  /**
   * Both orders of subject and end: {@code refresh_token_expired}, {@code expired_refresh_token}.
   */
  private static void combine(Map<String, Meaning> words, List<String> subjects, String ends) {
    for (String end : ends.strip().split("\\s+", -1)) {
      for (String subject : subjects) {
        words.put(subject + "_" + end, Meaning.PERMANENT);
        words.put(end + "_" + subject, Meaning.PERMANENT);
      }
    }
  }

  private static final String PERMANENT =
      """
      invalid_grant bad_refresh_token token_revoked revoked_token grant_revoked
      interaction_required login_required consent_required account_selection_required
      mfa_required reauth_required reauthorization_required reauthentication_required
      invalid_rapt rapt_required admin_policy_enforced inactive_user inactive_org
      user_removed_from_team org_login_required team_access_not_granted
      authorization_revoked consent_revoked app_uninstalled installation_deleted
      """;

  private static final String TOKEN_ENDS =
      """
      reused expired invalidated revoked invalid not_found unknown used already_used consumed
      redeemed already_redeemed bad inactive deleted rotated
      """;

  private static final String SESSION_ENDS =
      "terminated expired revoked not_found invalidated ended invalid";

  private static final String ACCOUNT_ENDS =
      "inactive deleted deactivated disabled suspended not_found blocked banned";

  private static final String GENERIC =
      """
      invalid_token access_denied token_expired expired_token token_invalid bad_token
      invalid_auth not_authed invalid_access_token token_not_found
      """;

  /**
   * Not {@code invalid_request}: some providers say so to a malformed refresh token, and one such
   * account must not suspend its platform.
   */
  private static final String PROVIDER_CONFIG =
      """
      invalid_client unauthorized_client invalid_scope unsupported_grant_type
      incorrect_client_credentials invalid_client_id invalid_client_secret bad_client_secret
      bad_client_id deleted_client disabled_client client_disabled
      """;

  private static final String THROTTLED =
      """
      slow_down rate_limited ratelimited rate_limit rate_limit_exceeded rate_limit_error
      rate_limit_reached too_many_requests resource_exhausted request_limit_exceeded
      user_rate_limit_exceeded quota_exceeded throttled throttling
      """;

  private static final String TRANSIENT =
      """
      temporarily_unavailable server_error internal_error internal_server_error fatal_error
      service_unavailable unavailable request_timeout timeout timed_out backend_error internal
      overloaded overloaded_error api_error system_error deadline_exceeded try_again_later
      team_added_to_org
      """;
}
