package dev.evertoken.app.refresh;

import dev.evertoken.app.notice.Announcements;
import dev.evertoken.domain.Account;
import dev.evertoken.domain.Bench;
import dev.evertoken.domain.LastRefresh;
import dev.evertoken.domain.Notice;
import dev.evertoken.domain.WireName;
import dev.evertoken.port.RefreshClaims.Mark;
import dev.evertoken.port.RefreshClaims.Settlement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells of a failed refresh that was stored. */
final class FailureNotices {

  private FailureNotices() {}

  static void tell(Announcements announcements, Account row, Settlement settlement) {
    LastRefresh outcome = settlement.outcome();
    Map<String, String> facts =
        Map.of("class", WireName.of(outcome.result()), "trigger", WireName.of(outcome.trigger()));
    switch (settlement.mark()) {
      case Mark.Failed failed ->
          announcements.changedHere(
              row, Notice.Type.ERROR, null, failed.error().detail(), "account.failed", facts);
      case Mark.Benched benched -> benched(announcements, row, benched.bench(), facts);
      case Mark.Unreadable unreadable ->
          announcements.changedHere(
              row,
              Notice.Type.ANSWER_UNREADABLE,
              null,
              why(outcome),
              "account.answer_unreadable",
              facts);
      case Mark.Unknown(@Nullable Bench bench) when bench != null ->
          benched(announcements, row, bench, facts);
      case Mark.Unknown unknown -> failed(announcements, row, outcome, facts);
      case Mark.None none -> failed(announcements, row, outcome, facts);
    }
  }

  private static void benched(
      Announcements announcements, Account row, Bench bench, Map<String, String> facts) {
    announcements.changedHere(
        row, Notice.Type.TEMP_UNSCHED_SET, bench.cause(), bench.reason(), "account.benched", facts);
  }

  private static void failed(
      Announcements announcements, Account row, LastRefresh outcome, Map<String, String> facts) {
    announcements.changedHere(
        row, Notice.Type.CHANGED, null, why(outcome), "account.refresh_failed", facts);
  }

  private static String why(LastRefresh outcome) {
    return outcome.detail() == null ? "the refresh failed" : outcome.detail();
  }
}
